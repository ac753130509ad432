//! The pictures of a solved position: from the side, from the front, and the lower back close up.

mod bones;
mod closeup;
pub(crate) mod muscles;
pub(crate) mod scene;
mod surfaces;

use crate::svg::{Bounds, Path, Sheet, image, joined};
use crate::words;
use bones::{Bone, Part, skeleton};
use guywire::results::{DiscLoad, Figure, Outline, PositionResult, Side, Solved};
use maud::{Markup, html};
use scene::{Scene, View, scaled, sub};

/// Upper ends of the pressure steps of a disc in MPa; the last step is open.
pub(crate) const PRESSURE_STEPS_MPA: [f64; 6] = [0.25, 0.5, 0.75, 1.0, 1.5, 2.0];

/// The step of a pressure.
pub(crate) fn pressure_step(pressure_mpa: f64) -> usize {
    PRESSURE_STEPS_MPA.iter().filter(|limit| pressure_mpa >= **limit).count()
}

/// The person's figure and the reference brought onto the same supports.
fn scenes(position: &PositionResult) -> (Scene<'_>, Scene<'_>) {
    let person = Scene::new(&position.person.figure);
    let reference = beside(&person, &position.reference.figure);
    (person, reference)
}

/// A figure brought onto the supports of the person.
fn beside<'f>(person: &Scene<'_>, figure: &'f Figure) -> Scene<'f> {
    let shift = match (anchor(person), anchor(&Scene::new(figure))) {
        (Some(p), Some(r)) => sub(p, r),
        _ => [0.0; 3],
    };
    Scene::shifted(figure, shift)
}

/// What the pictures of a position show.
pub(crate) struct Drawn<'d> {
    position: &'d PositionResult,
    person: &'d Scene<'d>,
    reference: &'d Scene<'d>,
    /// Bodies near both ends of what the tests allow.
    ends: &'d [Scene<'d>],
    /// Muscles that are lit.
    lit: Option<muscles::Choice<'d>>,
}

/// The bodies near the ends of what the tests allow, on the person's supports.
fn ends(position: &PositionResult) -> Vec<Figure> {
    let own = &position.person.figure;
    let outlines = position.spread.iter().flat_map(|spread| &spread.outlines);
    let figure = |outline: &Outline| Figure {
        bodies: outline.bodies.clone(),
        landmarks: outline.landmarks.clone(),
        muscle_lines: Vec::new(),
        surfaces: own.surfaces.clone(),
        held: Vec::new(),
        leaning: Vec::new(),
        centre_of_mass_m: own.centre_of_mass_m,
    };
    outlines.map(figure).collect()
}

/// The pelvis of other bodies from the right side, as thin lines: where their tilt is seen.
fn outlines(sheet: Sheet, others: &[Scene<'_>]) -> Markup {
    let seen = |b: &&Bone| matches!(b.part, Part::HipBone | Part::Sacrum) && b.side != Some(Side::Left);
    html! {
        @for other in others {
            @for bone in skeleton(other, View::Side).iter().filter(seen) { (sheet.path("end", &bone.solid)) }
        }
    }
}

/// What stays put: the pelvis of the lying, the sit bones of the sitting, the feet on the floor of the standing.
fn anchor(scene: &Scene<'_>) -> Option<[f64; 3]> {
    let sits = scene.figure.surfaces.iter().any(|s| s.name == "seat");
    let both = |get: &dyn Fn(Side) -> Option<[f64; 3]>| {
        let (l, r) = (get(Side::Left)?, get(Side::Right)?);
        Some(scaled([l[0] + r[0], l[1] + r[1], l[2] + r[2]], 0.5))
    };
    let tuberosities = || both(&|side| scene.landmark("ischial tuberosity (lowest)", Some(side)));
    if scene.lies() || sits {
        let p = tuberosities()?;
        return Some([p[0], 0.0, p[2]]);
    }
    let heels = Side::BOTH.map(|side| scene.limb("calcn", side).map(|f| f.at([0.0; 3])));
    match heels {
        // A foot this much higher than the other is off the floor.
        [Some(l), Some(r)] if (l[1] - r[1]).abs() > 0.05 => Some(if l[1] < r[1] { l } else { r }),
        [Some(l), Some(r)] => Some(scaled([l[0] + r[0], l[1] + r[1], l[2] + r[2]], 0.5)),
        _ => None,
    }
}

/// A picture and its width over its height.
pub(crate) struct Picture {
    /// The image.
    pub(crate) image: Markup,
    /// Width over height.
    pub(crate) aspect: f64,
    /// What it shows, as a caption.
    pub(crate) caption: &'static str,
}

/// All pictures of a position.
pub(crate) fn pictures(position: &PositionResult) -> Vec<Picture> {
    let (person, reference) = scenes(position);
    let ends: Vec<Figure> = ends(position);
    let ends: Vec<Scene<'_>> = ends.iter().map(|figure| beside(&person, figure)).collect();
    let drawn = Drawn { position, person: &person, reference: &reference, ends: &ends, lit: None };
    let front = person.front_view();
    let front_caption = if front == View::Front {
        "From the front: their right is on your left"
    } else {
        "From above: their right is at the bottom"
    };
    vec![
        whole(&drawn, View::Side, "From the right side"),
        whole(&drawn, front, front_caption),
        closeup::draw(&drawn),
    ]
}

/// A moment of an exercise from the right side, the muscles that it is meant for lit.
pub(crate) fn exercise(position: &PositionResult, lit: muscles::Choice<'_>) -> Picture {
    let (person, reference) = scenes(position);
    let drawn = Drawn { position, person: &person, reference: &reference, ends: &[], lit: Some(lit) };
    whole(&drawn, View::Side, "From the right side")
}

fn whole(drawn: &Drawn<'_>, view: View, caption: &'static str) -> Picture {
    let &Drawn { position, person, reference, lit, .. } = drawn;
    let solved = &position.person;
    let skin = bones::skin(person, view);
    let arms = Side::BOTH.map(|side| bones::arms(person, view, side));
    let mut bounds = joined(joined(skin.bounds(), arms[0].bounds()), arms[1].bounds());
    for load in &person.figure.held {
        let [x, y] = view.project(person.moved(load.position_m));
        bounds = joined(bounds, [x - 130.0, y - 100.0, x + 130.0, y + 100.0]);
    }
    for surface in &person.figure.surfaces {
        let [_, y] = view.project(person.moved(surface.point_m));
        if surface.normal[1] > 0.9 && !matches!(view, View::Above { .. }) {
            bounds = joined(bounds, [bounds[0], y, bounds[2], y]);
        }
    }
    let (frame, aspect) = framed(bounds, [34.0, 30.0, 34.0, 44.0]);
    // A millimetre of the body is a third of a pixel here.
    let sheet = sheet(frame, 10);
    let pile = skeleton(person, view);
    let side_view = view.is_side();
    let far = |b: &Bone| side_view && b.side == Some(Side::Left);
    let limb =
        |b: &Bone| matches!(b.part, Part::HipBone | Part::Femur | Part::Shank | Part::Foot | Part::Patella);
    let chest = |b: &Bone| matches!(b.part, Part::RibCage | Part::Skull);
    let axis = |b: &Bone| matches!(b.part, Part::Spine | Part::Sacrum);
    let blade = |b: &Bone| b.part == Part::ShoulderGirdle;
    let far_muscle = |m: &guywire::results::MuscleState| {
        if side_view { m.side == Side::Left } else { muscles::is_behind(m) }
    };
    let id = words::identifier(
        &position.position,
        match view {
            View::Side => "side",
            _ => "front",
        },
    );
    let title = format!("{}: skeleton {}", position.title, lower_first(caption));
    let body = html! {
        (surfaces::draw(person, view, bounds))
        (sheet.path("skin", &skin))
        @for arm in &arms { (sheet.path("skin", arm)) }
        (ghost(sheet, person, reference, view))
        @for b in pile.iter().filter(|b| far(b) && limb(b)) { (draw_bone(sheet, b, "far")) }
        @for b in pile.iter().filter(|b| far(b) && chest(b)) { (draw_bone(sheet, b, "far")) }
        @if !side_view { @for b in pile.iter().filter(|b| blade(b)) { (draw_bone(sheet, b, "far")) } }
        (muscles::lines(sheet, person, &solved.posture, view, "away", &far_muscle))
        @for b in pile.iter().filter(|b| axis(b)) { (draw_bone(sheet, b, "")) }
        (discs(sheet, person, solved, view))
        @for b in pile.iter().filter(|b| chest(b) && !far(b)) { (draw_bone(sheet, b, "")) }
        @if side_view { @for b in pile.iter().filter(|b| blade(b) && !far(b)) { (draw_bone(sheet, b, "open")) } }
        @for b in pile.iter().filter(|b| limb(b) && !far(b)) {
            (draw_bone(sheet, b, if b.part == Part::HipBone { "open" } else { "" }))
        }
        (muscles::lines(sheet, person, &solved.posture, view, "", &|m| !far_muscle(m)))
        @if let Some(lit) = lit { (muscles::lit(sheet, person, &solved.posture, view, lit)) }
        @if side_view { (sheet.path("arm", &arms[1])) }
        (surfaces::held(person, view))
        (surfaces::gravity(person, view, bounds))
        @if side_view && lit.is_none() { (muscles::numbers(person, &solved.posture, view, 27.0)) }
    };
    Picture { image: image(&id, "fig full", frame, &title, &describe(position), body), aspect, caption }
}

/// A view box round the bounds with margins left, top, right and bottom, and its aspect.
fn framed(bounds: Bounds, margin: [f64; 4]) -> ([f64; 4], f64) {
    let (x, y) = (bounds[0] - margin[0], bounds[1] - margin[1]);
    let width = (bounds[2] + margin[2] - x).clamp(100.0, 1e4);
    let height = (bounds[3] + margin[3] - y).clamp(100.0, 1e4);
    ([x, y, width, height], width / height)
}

/// The sheet that a frame shows, with room for the widest stroke.
fn sheet([x, y, width, height]: [f64; 4], grain: i64) -> Sheet {
    const STROKE: f64 = 20.0;
    Sheet { bounds: [x - STROKE, y - STROKE, x + width + STROKE, y + height + STROKE], grain }
}

/// One bone: outline under fill, ribs as tubes, fine lines on top.
fn draw_bone(sheet: Sheet, bone: &Bone, class: &str) -> Markup {
    html! {
        @if !bone.tubes.is_empty() {
            (sheet.path("cartilage", &bone.detail))
            (sheet.path(&format!("rib-edge {class}"), &bone.tubes))
            (sheet.path(&format!("rib {class}"), &bone.tubes))
        }
        (sheet.path(&format!("bone {class}"), &bone.solid))
        @if bone.tubes.is_empty() { (sheet.path("suture", &bone.detail)) }
    }
}

/// The reference posture as one pale shape, or nothing where the person hides it.
fn ghost(sheet: Sheet, person: &Scene<'_>, reference: &Scene<'_>, view: View) -> Markup {
    if same(person, reference) {
        return html! {};
    }
    let mut all = Path::default();
    for bone in skeleton(reference, view) {
        if !matches!(bone.part, Part::ShoulderGirdle) {
            all.extend(&bone.solid);
        }
    }
    sheet.path("ghost", &all)
}

/// Whether two figures are the same to the eye.
fn same(a: &Scene<'_>, b: &Scene<'_>) -> bool {
    // Less than a dashed outline is wide in the picture.
    const SEEN_M: f64 = 0.002;
    let points =
        |s: &Scene<'_>| -> Vec<_> { s.figure.landmarks.iter().map(|l| s.moved(l.position_m)).collect() };
    let (a, b) = (points(a), points(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(p, q)| scene::norm(sub(*p, *q)) < SEEN_M)
}

/// Discs coloured by pressure.
fn discs(sheet: Sheet, scene: &Scene<'_>, solved: &Solved, view: View) -> Markup {
    html! {
        @for (level, above, below) in bones::LEVELS {
            @if let Some(ring) = bones::disc_ring(scene, above, below, view) {
                @let load = solved.posture.discs.iter().find(|d| d.level == level);
                @let pressure = load.map(|d| d.pressure_mpa).filter(|p| p.is_finite());
                @let class = pressure.map_or(String::from("disc"), |p| format!("disc p{}", pressure_step(p)));
                @let outline = bulging(ring);
                (sheet.path(&class, &outline))
            }
        }
    }
}

/// How a disc is loaded: the pressure in it, or the force on it where its cross-section is not known.
fn load(disc: &DiscLoad) -> (f64, &'static str) {
    if disc.pressure_mpa.is_finite() { (disc.pressure_mpa, "MPa") } else { (disc.compression_n, "N") }
}

/// A disc's outline: flat on the endplates, bulging between them.
fn bulging(ring: [crate::svg::Point; 4]) -> Path {
    let mut outline = Path::default();
    outline.waisted(ring, -0.22);
    outline
}

/// The picture in words, for those who do not see it.
fn describe(position: &PositionResult) -> String {
    let posture = &position.person.posture;
    let m = &posture.measures;
    let pulls: Vec<String> = muscles::strongest(posture)
        .iter()
        .map(|g| format!("{} {}", words::group(&g.group), words::amount(g.both(), "N")))
        .collect();
    let heaviest = posture.discs.iter().max_by(|a, b| load(a).0.total_cmp(&load(b).0));
    let disc = heaviest.map_or(String::new(), |d| {
        let (value, unit) = load(d);
        format!(" The disc under most pressure is {} with {}.", d.level, words::amount(value, unit))
    });
    let hollow = if m.lumbar_lordosis_deg.is_finite() {
        format!(" and the lower back is hollow by {} (lordosis)", words::amount(m.lumbar_lordosis_deg, "deg"))
    } else {
        String::new()
    };
    format!(
        "{} The pelvis is tipped forward by {}{hollow}. Muscles that pull most, both sides together: {}.{disc} The posture with reference tissue stands behind as a pale shape where it differs.",
        position.description,
        words::amount(m.pelvic_tilt_deg, "deg"),
        if pulls.is_empty() { String::from("none above the threshold") } else { pulls.join(", ") },
    )
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |c| c.to_lowercase().chain(letters).collect())
}
