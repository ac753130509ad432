//! What is followed over the weeks, and how it is read off a body.

use super::Ground;
use crate::adaptation::{MuscleState, State};
use crate::body::{Body, BodyError, MuscleInfo};
use crate::case::{Property, Target, TestVocabulary};
use crate::examination::{Protocol, Trial};
use crate::posture::{PostureError, settle_near};
use crate::results::{Posture, SeriesKind};
use crate::side::Side;
use crate::week::Change;
use guywire_engine::equilibrium::{Near, Solution};
use rayon::prelude::*;

/// The position that is followed.
pub(super) const STANDING: &str = "standing";
/// The discs that are told of.
const DISCS: [&str; 2] = ["L4/L5", "L5/S1"];
/// Groups whose lengths decide how a week is spent.
const ANSWERED: [&str; 2] = ["hip_flexors", "hamstrings"];

/// A test that is followed.
#[derive(Clone, Copy, Debug)]
pub struct TestOn<'p> {
    /// What it is called and measured in.
    pub test: &'p TestVocabulary,
    /// How it is done.
    pub protocol: &'p Protocol,
    /// On which side.
    pub side: Option<Side>,
}

impl TestOn<'_> {
    /// Name of what it reads.
    pub fn name(&self) -> String {
        with_side(&self.test.name, self.side)
    }

    /// The test, done with a factor on the moment of the examiner's hand.
    fn trial(&self, tolerance: f64) -> Trial<'_> {
        Trial { protocol: self.protocol, side: self.side.unwrap_or(Side::Right), tolerance }
    }
}

fn with_side(name: &str, side: Option<Side>) -> String {
    side.map_or_else(|| name.to_owned(), |side| format!("{name}.{}", side.name()))
}

/// A number that is followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Its name.
    pub quantity: String,
    /// In words.
    pub label: String,
    /// What it is of.
    pub kind: SeriesKind,
    /// Its unit.
    pub unit: String,
}

/// Changes of the body that the week answers to.
pub(super) fn answered() -> Vec<Change> {
    let changes = ANSWERED.iter().flat_map(|group| Side::BOTH.map(|side| (group, side)));
    changes
        .map(|(group, side)| Change::Tissue {
            target: Target::Group((*group).to_owned()),
            side: Some(side),
            property: Property::Length,
        })
        .collect()
}

/// By how much the fibres of the groups that a week answers to are longer in one body than in another, logarithms in the order of
/// [`answered`].
pub(super) fn amounts(ground: Ground<'_>, from: &Body, to: &Body) -> Vec<f64> {
    let groups = ground.reference.groups();
    let of = |group: &str, side: Side| {
        let members = groups.iter().find(|g| g.name == group).map_or(&[][..], |g| g.members.as_slice());
        let (mut sum, mut count) = (0.0, 0.0);
        for (m, info) in from.muscles.iter().enumerate() {
            if info.side == side && members.contains(&info.key) {
                let length = |body: &Body| body.system.muscles[m].parameters.optimal_fiber_length;
                sum += libm::log(length(to) / length(from));
                count += 1.0;
            }
        }
        if count > 0.0 { sum / count } else { 0.0 }
    };
    ANSWERED.iter().flat_map(|group| Side::BOTH.map(|side| of(group, side))).collect()
}

/// Numbers of the tissue itself: factors on what it is now, for each of the groups that muscles are reported in.
pub(super) struct OfTissue {
    groups: Vec<(String, Side)>,
}

type Of = fn(&MuscleState) -> f64;
/// What of a group is told: name, words, and the number.
const TOLD: [(&str, &str, Of); 3] = [
    ("length", "fibre length", MuscleState::length),
    ("strength", "strength", MuscleState::strength),
    ("tolerance", "tolerated stretch", |muscle| libm::exp(muscle.tolerance)),
];

impl OfTissue {
    pub fn new(infos: &[MuscleInfo]) -> Self {
        let mut groups: Vec<(String, Side)> = Vec::new();
        for info in infos {
            for side in Side::BOTH {
                if !groups.iter().any(|(group, of)| *group == info.group && *of == side) {
                    groups.push((info.group.clone(), side));
                }
            }
        }
        Self { groups }
    }

    pub fn names(&self) -> Vec<Number> {
        let of = |(name, words, _): &(&str, &str, Of)| {
            let told = self.groups.iter().map(|(group, side)| Number {
                quantity: format!("{name}.{group}.{}", side.name()),
                label: format!("{words} of the {} {}", side.name(), group.replace('_', " ")),
                kind: SeriesKind::Tissue,
                unit: String::new(),
            });
            told.collect::<Vec<_>>()
        };
        TOLD.iter().flat_map(of).collect()
    }

    pub fn numbers(&self, state: &State, infos: &[MuscleInfo], out: &mut Vec<f64>) {
        for (_, _, of) in TOLD {
            for (group, side) in &self.groups {
                let own = |info: &MuscleInfo| info.group == *group && info.side == *side;
                out.push(state.mean(infos, own, of).unwrap_or(1.0));
            }
        }
    }
}

/// Where a body is looked for: where a similar one was found.
#[derive(Clone)]
pub(super) struct Start {
    /// How it stood.
    pub standing: Solution,
    /// Its pose at the end of every test; of one that had none, the test's own start serves.
    pub tests: Vec<Option<Solution>>,
}

/// What is solved: tests, and standing.
pub(super) struct Solved<'a> {
    pub ground: Ground<'a>,
    pub tests: &'a [TestOn<'a>],
}

/// Why a body has no numbers, in words: of many bodies only the first is told.
#[derive(Clone, Debug)]
pub(super) struct Unsolved(pub String);

impl From<PostureError> for Unsolved {
    fn from(problem: PostureError) -> Self {
        Self(problem.to_string())
    }
}

impl From<BodyError> for Unsolved {
    fn from(problem: BodyError) -> Self {
        Self(problem.to_string())
    }
}

impl Solved<'_> {
    pub fn names(&self) -> Vec<Number> {
        let mut list: Vec<Number> = self
            .tests
            .iter()
            .map(|on| Number {
                quantity: on.name(),
                label: with_side(&on.test.title, None)
                    + &on.side.map(|s| format!(", {}", s.name())).unwrap_or_default(),
                kind: SeriesKind::Test,
                unit: on.test.unit.clone(),
            })
            .collect();
        list.extend(self.pairs().into_iter().map(|[left, _]| {
            let test = self.tests[left].test;
            Number {
                quantity: format!("difference.{}", test.name),
                label: format!("{}, left less right", test.title),
                kind: SeriesKind::Difference,
                unit: test.unit.clone(),
            }
        }));
        for (field, words) in
            [("pelvic_tilt_deg", "pelvic tilt in standing"), ("lumbar_lordosis_deg", "lordosis in standing")]
        {
            list.push(Number {
                quantity: format!("{STANDING}.{field}"),
                label: words.to_owned(),
                kind: SeriesKind::Posture,
                unit: "deg".to_owned(),
            });
        }
        for level in DISCS {
            for (field, words, unit) in
                [("compression_n", "compression", "N"), ("posterior_stress_mpa", "stress at the back", "MPa")]
            {
                list.push(Number {
                    quantity: format!("discs.{level}.{field}"),
                    label: format!("{level} {words} in standing"),
                    kind: SeriesKind::Disc,
                    unit: unit.to_owned(),
                });
            }
        }
        list
    }

    /// Tests that are followed on both sides alike, by their places: left, right.
    fn pairs(&self) -> Vec<[usize; 2]> {
        let other = |left: &TestOn<'_>| {
            let alike = |on: &TestOn<'_>| {
                on.side == Some(Side::Right)
                    && on.test.name == left.test.name
                    && on.protocol.names == left.protocol.names
            };
            self.tests.iter().position(alike)
        };
        let lefts = self.tests.iter().enumerate().filter(|(_, on)| on.side == Some(Side::Left));
        lefts.filter_map(|(k, left)| Some([k, other(left)?])).collect()
    }

    /// The poses of a body at the end of the tests, done with `tolerance`, before anything has become of it.
    pub fn poses(&self, body: &Body, tolerance: f64) -> Vec<Option<Solution>> {
        let pose = |on: &TestOn<'_>| {
            let found = on.trial(tolerance).reading(body, self.ground.positions, None);
            found.ok().map(|(_, settled)| settled.solution)
        };
        self.tests.par_iter().map(pose).collect()
    }

    /// The numbers of a body whose tests are done with `tolerance`, which is looked for from `start` and stands near `near`; `start`
    /// is then where it was found.
    pub fn numbers(
        &self,
        body: &Body,
        state: &State,
        (tolerance, near): (f64, Near),
        start: &mut Start,
        out: &mut Vec<f64>,
    ) -> Result<(), Unsolved> {
        let positions = self.ground.positions;
        let first = out.len();
        for (on, pose) in self.tests.iter().zip(&mut start.tests) {
            let (reading, settled) = state
                .reading(&on.trial(tolerance), body, positions, pose.as_ref())
                .map_err(|problem| Unsolved(format!("{}: {problem}", on.name())))?;
            *pose = Some(settled.solution);
            out.push(reading);
        }
        let differences: Vec<f64> =
            self.pairs().iter().map(|[left, right]| out[first + left] - out[first + right]).collect();
        out.extend(differences);
        let settled = settle_near(body, positions, STANDING, near)?;
        let posture: Posture = settled.posture(body)?;
        out.push(posture.measures.pelvic_tilt_deg);
        out.push(posture.measures.lumbar_lordosis_deg);
        for level in DISCS {
            let disc = posture.discs.iter().find(|d| d.level == level);
            out.push(disc.map_or(f64::NAN, |d| d.compression_n));
            out.push(disc.map_or(f64::NAN, |d| d.posterior_stress_mpa));
        }
        start.standing = settled.solution;
        Ok(())
    }
}
