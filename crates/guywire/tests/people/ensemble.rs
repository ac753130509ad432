//! A report of the bodies that tests allow: the same whatever the threads and interruptions, true to single solves, and
//! honest about members that do not stand.

use crate::{REFERENCE, common};
use guywire::case::{Case, Property, ReportOptions, Setting, Target, Tissue};
use guywire::posture::{Positions, settle};
use guywire::results::{FitResult, FittedParameter, Results, Side};
use guywire::study::{self, Member, Members, NoShelf, Shelf, Tested};
use guywire_math::Random;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Group, property, most probable value, standard deviation of its logarithm.
const FITTED: [(&str, Property, f64, f64); 5] = [
    ("hip_flexors", Property::Length, 0.92, 0.03),
    ("hamstrings", Property::Length, 1.0, 0.02),
    ("hamstrings", Property::Stiffness, 1.0, 0.1),
    ("hip_flexors", Property::Tone, 0.01, 0.5),
    ("quadriceps", Property::Strength, 1.0, 0.15),
];

fn case(positions: &[&str]) -> Case {
    Case {
        person: common::person(),
        model: None,
        screening: Default::default(),
        tissue: Tissue::default(),
        positions: positions.iter().map(|&p| p.to_owned()).collect(),
        report: ReportOptions { causes: true, uncertainty: true },
        visits: Vec::new(),
        week: Vec::new(),
        diary: Vec::new(),
        plan: Default::default(),
        done: Vec::new(),
        questions: Vec::new(),
        today: None,
    }
}

fn tissue(mut score: impl FnMut() -> f64) -> Tissue {
    let setting =
        |(group, property, value, sd): (&str, Property, f64, f64), side: Side, score: f64| Setting {
            target: Target::Group(group.to_owned()),
            side: Some(side),
            property,
            value: value * (sd * score).exp(),
        };
    let settings = FITTED.into_iter().flat_map(|f| Side::BOTH.map(|side| (f, side)));
    Tissue { settings: settings.map(|(f, side)| setting(f, side, score())).collect(), ..Tissue::default() }
}

fn members(count: usize) -> Members {
    let member = |tissue| Member { person: common::person(), tissue, tolerance: 1.0 };
    let drawn = (0..count as u64).map(|m| {
        let mut random = Random::new(7, m);
        member(tissue(|| random.normal()))
    });
    Members { most_probable: member(tissue(|| 0.0)), drawn: drawn.collect(), seed: 7 }
}

fn fit() -> FitResult {
    let parameter = |(group, property, value, sd): (&str, Property, f64, f64), side: Side| {
        let setting = Setting { target: Target::Group(group.to_owned()), side: Some(side), property, value };
        let usual = if property == Property::Tone { 0.01 } else { 1.0 };
        FittedParameter {
            unit: "factor".into(),
            told: true,
            name: setting.path(),
            mean: value,
            low90: value * (-1.645 * sd).exp(),
            high90: value * (1.645 * sd).exp(),
            prior_mean: usual * (0.5 * 0.7 * 0.7f64).exp(),
            prior_sd: usual * (0.5 * 0.7 * 0.7f64).exp() * ((0.7 * 0.7f64).exp() - 1.0).sqrt(),
        }
    };
    FitResult {
        changes: Vec::new(),
        visit: "2025-03-17".into(),
        parameters: FITTED.into_iter().flat_map(|f| Side::BOTH.map(|side| parameter(f, side))).collect(),
        tests: Vec::new(),
        left_out: Vec::new(),
        unidentifiable: Vec::new(),
        standing: Vec::new(),
        next_tests: Vec::new(),
        enough: true,
        iterations: 3,
    }
}

fn report(case: &Case, members: &Members, shelf: &dyn Shelf) -> Results {
    let fit = fit();
    let tested = Tested { fit: &fit, members, shelf };
    let mut results = study::report_tested(&REFERENCE, case, tested, &|_, _, _| {}).unwrap();
    study::clear_times(&mut results);
    results
}

fn text(results: &Results) -> String {
    serde_json::to_string(results).unwrap()
}

/// Keeps in memory, and counts.
#[derive(Default)]
struct Memory(Mutex<BTreeMap<u64, Vec<f64>>>, Mutex<usize>);

impl Shelf for Memory {
    fn take(&self, member: u64) -> Option<Vec<f64>> {
        self.0.lock().unwrap().get(&member).cloned()
    }
    fn put(&self, member: u64, numbers: &[f64]) {
        *self.1.lock().unwrap() += 1;
        self.0.lock().unwrap().insert(member, numbers.to_vec());
    }
}

#[test]
fn threads_and_interruptions_change_no_bit() {
    let (case, members) = (case(&["standing", "bend_60"]), members(12));
    let whole = text(&report(&case, &members, &NoShelf));
    let shelf = Memory::default();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(one.install(|| text(&report(&case, &members, &shelf))), whole, "one thread");
    assert_eq!(*shelf.1.lock().unwrap(), 12);
    // Interrupted after five members, and one of these kept by another version that showed fewer numbers.
    shelf.0.lock().unwrap().retain(|member, _| *member < 5);
    shelf.0.lock().unwrap().get_mut(&3).unwrap().pop();
    *shelf.1.lock().unwrap() = 0;
    assert_eq!(text(&report(&case, &members, &shelf)), whole, "gone on");
    assert_eq!(*shelf.1.lock().unwrap(), 8);
}

#[test]
fn the_person_is_the_most_probable_body_with_intervals_around_it() {
    let (case, members) = (case(&["sitting_relaxed", "standing"]), members(40));
    let results = report(&case, &members, &NoShelf);
    let summary = results.ensemble.as_ref().unwrap();
    assert_eq!((summary.members, summary.seed), (40, 7));
    // The fit looks for hip flexors, whose spread is that of the hip's extension; bones and the stress-free lordosis it
    // does not know.
    let drawn = summary.drawn.join("; ");
    assert!(drawn.contains("pelvic incidence") && drawn.contains("stress-free lordosis"), "{drawn}");
    assert!(!drawn.contains("extension range"), "{drawn}");
    for position in &results.positions {
        let spread = position.spread.as_ref().unwrap();
        assert_eq!((spread.solved, spread.unsolved), (40, 0));
        for q in &spread.quantities {
            assert!(q.low90 <= q.median && q.median <= q.high90, "{}: {q:?}", position.position);
        }
        let tilt = spread.of("pelvic_tilt_deg").unwrap();
        let own = position.person.posture.measures.pelvic_tilt_deg;
        assert!(tilt.low90 < own && own < tilt.high90, "{tilt:?} {own}");
        assert!(
            spread.of("discs.L5/S1.compression_n").is_some()
                && spread.of("force.hamstrings.left_n").is_some()
        );
        assert_eq!(spread.outlines.len(), 2);
        assert!(spread.outlines[0].value < spread.outlines[1].value);
    }
    // Short hip flexors stand out; what the tests leave as it is with everybody does not.
    let told: Vec<&str> = results.positions[1].causes.iter().map(|c| c.setting.as_str()).collect();
    assert_eq!(told, ["hip_flexors.left.length = 0.92", "hip_flexors.right.length = 0.92"]);
    let tilt =
        results.positions[1].causes[0].effects.iter().find(|e| e.quantity == "pelvic_tilt_deg").unwrap();
    let [low, high] = tilt.alone90.unwrap();
    assert!(0.0 < low && low < tilt.alone && tilt.alone < high, "{low} {} {high}", tilt.alone);
    assert!(results.uncertainty[0].quantity.contains("standing"), "{}", results.uncertainty[0].quantity);
    assert!(results.settings[0].contains("0.92 (0.88 to 0.97)"), "{}", results.settings[0]);
}

/// A member's numbers are those of its body solved by itself, to a share of their spread that nobody reads.
#[test]
fn members_are_true_to_single_solves() {
    let names = ["standing", "sitting_relaxed", "sitting_backrest", "supine", "lift_20kg_bent_knees"];
    let case = Case { report: ReportOptions { causes: false, uncertainty: true }, ..case(&names) };
    // With mass, bones and stress-free lordosis in them, so that nothing else is drawn.
    let mut members = members(6);
    let shift =
        |value| Setting { target: Target::Lumbar, side: None, property: Property::NeutralLordosisDeg, value };
    members.most_probable.person.pelvic_incidence_deg = Some(53.0);
    members.most_probable.tissue.settings.push(shift(0.0));
    for (m, member) in members.drawn.iter_mut().enumerate() {
        let mut random = Random::new(8, m as u64);
        member.person.mass_kg += random.normal();
        member.person.pelvic_incidence_deg = Some(53.0 + 5.0 * random.normal());
        member.tissue.settings.push(shift(4.0 * random.normal()));
    }
    let body = |member: &Member| REFERENCE.scaled_to(&member.person, &member.tissue).unwrap();
    let positions = Positions::read().unwrap();
    let shelf = Memory::default();
    let results = report(&case, &members, &shelf);
    assert_eq!(results.ensemble.as_ref().unwrap().drawn, Vec::<String>::new());
    let kept = shelf.0.into_inner().unwrap();
    let (mut first, mut worst) = (0, [0.0f64; 3]);
    for position in &results.positions {
        let spread = position.spread.as_ref().unwrap();
        // Lying, the last newtons depend on where a search comes from: from the person's posture, as the members' do.
        let reference = body(&Member { tissue: Tissue::default(), ..members.most_probable.clone() });
        let start = settle(&reference, &positions, &position.position, None).unwrap();
        let own = body(&members.most_probable);
        let start = settle(&own, &positions, &position.position, Some(&start.solution)).unwrap();
        let column = |name: &str| first + spread.quantities.iter().position(|q| q.quantity == name).unwrap();
        for (m, row) in &kept {
            let body = body(&members.drawn[*m as usize]);
            let exact = settle(&body, &positions, &position.position, Some(&start.solution)).unwrap();
            let exact = exact.describe(&body, 0.0).unwrap().posture;
            let lowest = exact.discs.last().unwrap().compression_n;
            for (k, (name, value)) in [
                ("pelvic_tilt_deg", exact.measures.pelvic_tilt_deg),
                ("lumbar_lordosis_deg", exact.measures.lumbar_lordosis_deg),
                ("discs.L5/S1.compression_n", lowest),
            ]
            .into_iter()
            .enumerate()
            {
                let off = (row[column(name)] - value).abs();
                if off > 0.2 {
                    println!("{} {m} {name}: {} instead of {value}", position.position, row[column(name)]);
                }
                worst[k] = worst[k].max(off);
            }
        }
        first += spread.quantities.len();
    }
    assert!(worst[0] < 0.7 && worst[1] < 0.7 && worst[2] < 13.0, "{worst:?}");
}

/// A body that has no equilibrium is counted; too many of them, and the position has no numbers at all.
#[test]
fn members_without_an_equilibrium_are_counted_and_too_many_are_none() {
    let case = Case {
        report: ReportOptions { causes: false, uncertainty: true },
        ..case(&["standing", "lift_20kg_bent_knees"])
    };
    let with_weak_knees = |count: usize| {
        let mut members = members(count);
        // Knees that nothing straightens carry nothing when bent.
        let strength = |s: &&mut Setting| s.property == Property::Strength;
        members.drawn[2].tissue.settings.iter_mut().filter(strength).for_each(|s| s.value = 0.03);
        report(&case, &members, &NoShelf)
    };
    let few = with_weak_knees(24);
    let spread = few.positions[1].spread.as_ref().unwrap();
    assert_eq!(
        (few.positions[1].position.as_str(), spread.solved, spread.unsolved),
        ("lift_20kg_bent_knees", 23, 1)
    );
    assert!(few.uncertainty[0].because.starts_with("24 bodies"), "{}", few.uncertainty[0].because);
    let many = with_weak_knees(8);
    assert_eq!(many.positions.iter().map(|p| p.position.as_str()).collect::<Vec<_>>(), ["standing"]);
    let unsolved = &many.unsolved[0];
    assert_eq!(unsolved.position, "lift_20kg_bent_knees");
    assert_eq!(unsolved.problem, "1 of the 8 bodies that the tests allow have no equilibrium");
}
