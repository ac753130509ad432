//! How a week answers to changes of the body, to first order: what the weeks of many similar bodies cost.
//!
//! Every scene is solved for the body itself and for the body with one number moved up and down. Along each number the
//! length of every muscle's path, every activation and every disc's load follow the line between the two solutions:
//!
//! ```text
//! y(x) = y* + Σ_k x_k (y_k⁺ − y_k⁻) / 2 h_k        x_k: how far number k is moved
//! ```
//!
//! Fibre length and passive force then follow from the path and the muscle's own tissue exactly: only how the pose and the
//! sharing of load answer is a line. The steps are as large as months change tissue (assumed), so that a muscle which
//! switches on half-way is met on average.

use super::exposure::scene_hours;
use super::similar::{Start, all};
use super::{Moment, Schedule, Solver, WeekError};
use crate::adaptation::{Bout, Deed, DiscBout, Exposure};
use crate::body::{Body, ReferenceBody};
use crate::case::{Person, Property, Setting, Target, Tissue};
use crate::posture::Positions;
use crate::side::Side;
use guywire_engine::Muscle;
use rayon::prelude::*;

/// A number of the body that may change.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Tissue; the amount is the logarithm of a factor, or what is added to tone or degrees.
    Tissue {
        /// Whose.
        target: Target,
        /// One side, or both.
        side: Option<Side>,
        /// Which property.
        property: Property,
    },
    /// The logarithm of body mass.
    Mass,
    /// Pelvic incidence, deg; of a person whose is known.
    Incidence,
}

impl Change {
    /// How far the number is moved either way.
    fn step(&self) -> f64 {
        match self {
            Self::Tissue { property, .. } => match property {
                Property::Length => 0.03,
                Property::Stiffness => 0.15,
                Property::Strength => 0.10,
                Property::Tone => 0.02,
                Property::ExtensionRangeDeg | Property::NeutralLordosisDeg => 3.0,
            },
            Self::Mass => 0.03,
            Self::Incidence => 3.0,
        }
    }

    /// A person and tissue with the number moved.
    fn moved(&self, person: &Person, tissue: &Tissue, by: f64) -> (Person, Tissue) {
        let (mut person, mut tissue) = (person.clone(), tissue.clone());
        match self {
            Self::Tissue { target, side, property } => {
                let value = match property {
                    Property::Length | Property::Stiffness | Property::Strength => libm::exp(by),
                    Property::Tone | Property::ExtensionRangeDeg | Property::NeutralLordosisDeg => by,
                };
                let (target, side, property) = (target.clone(), *side, *property);
                tissue.settings.push(Setting { target, side, property, value });
            }
            Self::Mass => person.mass_kg *= libm::exp(by),
            Self::Incidence => person.pelvic_incidence_deg = person.pelvic_incidence_deg.map(|pi| pi + by),
        }
        (person, tissue)
    }

    /// Whether it can be taken away as well as added: no muscle has less than no tone.
    fn goes_down(&self) -> bool {
        !matches!(self, Self::Tissue { property: Property::Tone, .. })
    }
}

/// Numbers and their slopes along every change, change after change.
#[derive(Clone, Debug)]
struct Lines {
    here: Vec<f64>,
    slopes: Vec<f64>,
}

impl Lines {
    fn at(&self, amounts: &[f64], out: &mut Vec<f64>) {
        out.clone_from(&self.here);
        for (row, amount) in self.slopes.chunks_exact(self.here.len().max(1)).zip(amounts) {
            if *amount != 0.0 {
                for (y, slope) in out.iter_mut().zip(row) {
                    *y += amount * slope;
                }
            }
        }
    }
}

#[derive(Clone, Debug)]
struct SceneLines {
    hours: f64,
    path_length: Lines,
    activation: Lines,
    compression: Lines,
    posterior_stress: Lines,
}

/// The week of a body, and how it answers to changes.
#[derive(Clone, Debug)]
pub struct Response {
    changes: Vec<Change>,
    scenes: Vec<SceneLines>,
    unanswered: Vec<(String, usize)>,
}

impl Response {
    /// Solves the week of a person for their tissue and for every change of it.
    ///
    /// # Errors
    /// When the body cannot be built, or a scene of the body itself has no equilibrium. A change for which a scene has none
    /// changes nothing there, and is named by [`Response::unanswered`].
    pub fn of(
        (reference, person, tissue): (&ReferenceBody, &Person, &Tissue),
        positions: &Positions,
        schedule: &Schedule,
        changes: Vec<Change>,
    ) -> Result<Self, WeekError> {
        let solver = Solver { positions };
        let body = reference.scaled_to(person, tissue)?;
        let starts = all(schedule.scenes.par_iter().map(|scene| Start::of(solver, &body, scene)))?;
        let moved: Vec<[Option<Body>; 2]> = all(changes.par_iter().map(|change| {
            let build = |by: f64| -> Result<Body, WeekError> {
                let (person, tissue) = change.moved(person, tissue, by);
                Ok(reference.scaled_to(&person, &tissue)?)
            };
            let down = if change.goes_down() { Some(build(-change.step())?) } else { None };
            Ok([Some(build(change.step())?), down])
        }))?;
        let count = changes.len();
        let pairs = starts.len() * count;
        let slopes: Vec<Option<Moment>> = all((0..pairs).into_par_iter().map(|pair| {
            let (start, change) = (&starts[pair / count], pair % count);
            let found = moved[change].each_ref().map(|body| {
                let body = body.as_ref()?;
                let settled = solver.solve_near(start.scene, body, start.near.clone()).ok()?;
                Moment::of(body, &settled).ok()
            });
            let step = changes[change].step();
            Ok(match &found {
                [Some(up), Some(down)] => Some(up.slope(down, 2.0 * step)),
                [Some(up), None] => Some(up.slope(&start.here, step)),
                [None, Some(down)] => Some(start.here.slope(down, step)),
                [None, None] => None,
            })
        }))?;
        let unanswered = slopes.iter().enumerate().filter(|(_, slope)| slope.is_none());
        let unanswered = unanswered
            .map(|(pair, _)| (starts[pair / count].scene.name().to_owned(), pair % count))
            .collect();
        let hours = scene_hours(schedule);
        let scenes = starts
            .iter()
            .enumerate()
            .map(|(s, start)| {
                let own = &slopes[s * count..(s + 1) * count];
                let lines = |of: fn(&Moment) -> &Vec<f64>| {
                    let here = of(&start.here).clone();
                    let still = vec![0.0; here.len()];
                    let slopes = own.iter().flat_map(|slope| slope.as_ref().map_or(&still, of)).copied();
                    Lines { slopes: slopes.collect(), here }
                };
                SceneLines {
                    hours: hours[s],
                    path_length: lines(|m| &m.path_length),
                    activation: lines(|m| &m.activation),
                    compression: lines(|m| &m.compression_n),
                    posterior_stress: lines(|m| &m.posterior_stress_mpa),
                }
            })
            .collect();
        Ok(Self { changes, scenes, unanswered })
    }

    /// The numbers that may change, in the order of the amounts.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Scenes that have no equilibrium with a number moved either way, with the place of the number among the changes.
    pub fn unanswered(&self) -> &[(String, usize)] {
        &self.unanswered
    }

    /// The week of a body whose numbers differ by `amounts` from those of the body that was solved, and whose muscles are
    /// `muscles`, in the body's order.
    pub fn exposure(&self, muscles: &[Muscle], amounts: &[f64]) -> Exposure {
        let discs = self.scenes.first().map_or(0, |scene| scene.compression.here.len());
        let mut exposure = Exposure::none(muscles.len(), discs);
        for bouts in &mut exposure.muscles {
            bouts.reserve_exact(self.scenes.len());
        }
        let (mut length, mut activation) = (Vec::new(), Vec::new());
        let (mut compression, mut stress) = (Vec::new(), Vec::new());
        for scene in &self.scenes {
            scene.path_length.at(amounts, &mut length);
            scene.activation.at(amounts, &mut activation);
            scene.compression.at(amounts, &mut compression);
            scene.posterior_stress.at(amounts, &mut stress);
            for (m, (bouts, muscle)) in exposure.muscles.iter_mut().zip(muscles).enumerate() {
                let state = muscle.parameters.rigid_tendon(length[m]);
                bouts.push(Bout {
                    hours: scene.hours,
                    bouts: 0.0,
                    normalized_fiber_length: state.norm_fiber_length,
                    activation: activation[m].max(muscle.floor).min(muscle.ceiling.max(muscle.floor)),
                    passive_force: state.passive_force / muscle.parameters.max_isometric_force,
                    deed: Deed::Habit,
                });
            }
            for (k, bouts) in exposure.discs.iter_mut().enumerate() {
                bouts.push(DiscBout {
                    hours: scene.hours,
                    compression_n: compression[k],
                    posterior_stress_mpa: stress[k],
                });
            }
        }
        exposure
    }
}
