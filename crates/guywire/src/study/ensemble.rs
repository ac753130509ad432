//! Every position solved for every member of the ensemble, and where its numbers lie.
//!
//! The person's posture is solved first. Then each number in which members differ is moved by one standard deviation of
//! its own, and the posture solved again: the lines along which every member's search is led
//! ([`Near`](guywire_engine::equilibrium::Near)). A member's posture depends on its body and these lines alone, so neither
//! order nor threads nor an interruption change a bit of it.

use super::members::Member;
use super::position::PositionStudy;
use super::quantities::shown;
use super::shelf::Shelf;
use super::{StudyError, Unsettled};
use crate::body::{Body, ReferenceBody};
use crate::case::Property;
use crate::posture::{Positions, PostureError, Settled, settle_near, start_at};
use crate::results::{Outline, Quantiles, Spread};
use guywire_engine::equilibrium::Near;
use guywire_math::interval;
use rayon::prelude::*;

/// Share of members without an equilibrium beyond which a position has no intervals: those that are left would no longer be
/// the people that the tests allow. Assumed.
const LOST: f64 = 0.05;

/// The quantity at the ends of whose interval members are drawn, the first that the position has.
const DRAWN: [&str; 2] = ["pelvic_tilt_deg", "thorax_inclination_deg"];

/// Everything that solving the members needs.
pub(super) struct Ensemble<'e> {
    pub reference: &'e ReferenceBody,
    pub positions: &'e Positions,
    pub most_probable: &'e Member,
    pub members: &'e [Member],
    pub shelf: &'e dyn Shelf,
    pub step: &'e (dyn Fn(&str) + Sync),
}

/// A position from which members start.
struct Start<'p> {
    name: &'p str,
    here: &'p Settled,
    near: Near,
    /// One for each number in which members differ; none where the moved body has no equilibrium.
    lines: Vec<Option<Settled>>,
    /// Names of the numbers that are shown.
    names: Vec<String>,
}

impl Ensemble<'_> {
    /// How often [`Ensemble::step`] is called for so many positions.
    pub fn steps(&self, positions: usize) -> usize {
        (self.members.len() + self.coordinates().len()) * positions
    }

    /// The spread of every position, or that too many members have no equilibrium in it.
    pub fn spreads(&self, found: &[PositionStudy]) -> Result<Vec<Result<Spread, Unsettled>>, StudyError> {
        let coordinates = self.coordinates();
        let starts = self.starts(found, &coordinates)?;
        let width: usize = starts.iter().map(|s| s.names.len()).sum();
        let rows: Vec<Vec<f64>> = (0..self.members.len())
            .into_par_iter()
            .map(|m| {
                if let Some(kept) = self.shelf.take(m as u64).filter(|kept| kept.len() == width) {
                    starts.iter().for_each(|start| (self.step)(start.name));
                    return Ok(kept);
                }
                let body = self.body(&self.members[m])?;
                let shares = shares(&coordinates, self.most_probable, &self.members[m]);
                let mut row = Vec::with_capacity(width);
                for start in &starts {
                    let settled = start.settle(&body, self.positions, &shares);
                    let numbers = match settled {
                        Ok(settled) => shown(&settled.posture(&body)?).into_iter().map(|n| n.1).collect(),
                        Err(_) => Vec::new(),
                    };
                    // A member without an equilibrium is kept as such.
                    let fits = numbers.len() == start.names.len();
                    row.extend((0..start.names.len()).map(|i| if fits { numbers[i] } else { f64::NAN }));
                    (self.step)(start.name);
                }
                self.shelf.put(m as u64, &row);
                Ok(row)
            })
            .collect::<Result<_, StudyError>>()?;
        let mut first = 0;
        starts
            .iter()
            .map(|start| {
                let columns = first..first + start.names.len();
                first = columns.end;
                let rows: Vec<&[f64]> = rows.iter().map(|row| &row[columns.clone()]).collect();
                self.spread(start, &coordinates, &rows)
            })
            .collect()
    }

    fn body(&self, member: &Member) -> Result<Body, StudyError> {
        Ok(self.reference.scaled_to(&member.person, &member.tissue)?)
    }

    /// The numbers in which members differ, each with its standard deviation.
    fn coordinates(&self) -> Vec<Coordinate> {
        let mut list: Vec<Kind> = vec![Kind::Mass, Kind::Incidence];
        list.extend((0..self.members.first().map_or(0, |m| m.tissue.settings.len())).map(Kind::Setting));
        let spread = |kind: Kind| {
            let off = self.members.iter().map(|m| kind.of(m) - kind.of(self.most_probable));
            let square: f64 = off.map(|x| x * x).sum::<f64>() / self.members.len().max(1) as f64;
            Coordinate { kind, sd: libm::sqrt(square) }
        };
        list.into_iter().map(spread).filter(|c| c.sd > 1e-9).collect()
    }

    fn starts<'p>(
        &self,
        found: &'p [PositionStudy],
        coordinates: &[Coordinate],
    ) -> Result<Vec<Start<'p>>, StudyError> {
        let body = self.body(self.most_probable)?;
        let moved: Vec<Body> = coordinates
            .par_iter()
            .map(|c| self.body(&c.moved(self.most_probable)))
            .collect::<Result<_, StudyError>>()?;
        found
            .par_iter()
            .map(|position| {
                let name = position.result.position.as_str();
                let here = &position.person.settled;
                let unsettled = |problem: PostureError| {
                    StudyError::NoEquilibrium(vec![Unsettled::new(
                        name,
                        "with all settings".to_owned(),
                        problem,
                    )])
                };
                let near = start_at(&body, here).map_err(unsettled)?;
                let lines = moved.par_iter().map(|body| {
                    let found = settle_near(body, self.positions, name, near.clone()).ok();
                    (self.step)(name);
                    found
                });
                let lines = lines.collect();
                let names = shown(&position.result.person.posture).into_iter().map(|n| n.0).collect();
                Ok(Start { name, here, near, lines, names })
            })
            .collect()
    }

    fn spread(
        &self,
        start: &Start<'_>,
        coordinates: &[Coordinate],
        rows: &[&[f64]],
    ) -> Result<Result<Spread, Unsettled>, StudyError> {
        let solved: Vec<usize> = (0..rows.len()).filter(|&m| rows[m].iter().all(|v| v.is_finite())).collect();
        let unsolved = rows.len() - solved.len();
        if unsolved as f64 > LOST * rows.len() as f64 {
            let (members, position) = (rows.len(), start.name.to_owned());
            return Ok(Err(Unsettled::members(&position, unsolved, members)));
        }
        let quantities: Vec<Quantiles> = start
            .names
            .iter()
            .enumerate()
            .map(|(k, name)| {
                let [low90, median, high90] = interval(solved.iter().map(|&m| rows[m][k]));
                Quantiles { quantity: name.clone(), low90, median, high90 }
            })
            .collect();
        let mut outlines = Vec::new();
        let drawn = DRAWN.iter().find_map(|name| start.names.iter().position(|n| n == name));
        if let Some(k) = drawn {
            for end in [quantities[k].low90, quantities[k].high90] {
                let off = |m: usize| (rows[m][k] - end).abs();
                let Some(&m) = solved.iter().min_by(|&&a, &&b| off(a).total_cmp(&off(b))) else { continue };
                let body = self.body(&self.members[m])?;
                let shares = shares(coordinates, self.most_probable, &self.members[m]);
                // It was solved once; its picture is a function of the same start.
                let Ok(settled) = start.settle(&body, self.positions, &shares) else { continue };
                let figure = settled.describe(&body, 0.0)?.figure;
                outlines.push(Outline {
                    quantity: start.names[k].clone(),
                    value: rows[m][k],
                    bodies: figure.bodies,
                    landmarks: figure.landmarks,
                });
            }
        }
        Ok(Ok(Spread { solved: solved.len(), unsolved, quantities, outlines }))
    }
}

impl Start<'_> {
    fn settle(&self, body: &Body, positions: &Positions, shares: &[f64]) -> Result<Settled, PostureError> {
        let mut near = self.near.clone();
        for (share, line) in shares.iter().zip(&self.lines) {
            if let Some(line) = line {
                near.lead(*share, &self.here.solution, &line.solution);
            }
        }
        // A start that was led astray is no reason to fail.
        settle_near(body, positions, self.name, near)
            .or_else(|_| settle_near(body, positions, self.name, self.near.clone()))
    }
}

/// A number in which members differ.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Mass,
    Incidence,
    /// Of the tissue, by its place among the settings.
    Setting(usize),
}

struct Coordinate {
    kind: Kind,
    /// Root mean square of the members about the most probable one.
    sd: f64,
}

impl Kind {
    /// The number itself, or its logarithm where it is a factor.
    fn of(self, member: &Member) -> f64 {
        match self {
            Self::Mass => member.person.mass_kg,
            Self::Incidence => member.person.pelvic_incidence_deg.unwrap_or(0.0),
            Self::Setting(i) => match member.tissue.settings.get(i) {
                Some(s) if s.property.is_factor() => libm::log(s.value),
                Some(s) => s.value,
                None => 0.0,
            },
        }
    }
}

impl Coordinate {
    /// A member with this number moved up by one standard deviation.
    fn moved(&self, from: &Member) -> Member {
        let mut member = from.clone();
        match self.kind {
            Kind::Mass => member.person.mass_kg += self.sd,
            Kind::Incidence => {
                member.person.pelvic_incidence_deg =
                    member.person.pelvic_incidence_deg.map(|pi| pi + self.sd);
            }
            Kind::Setting(i) => {
                if let Some(setting) = member.tissue.settings.get_mut(i) {
                    match setting.property.is_factor() {
                        true => setting.value *= libm::exp(self.sd),
                        false => setting.value += self.sd,
                    }
                }
            }
        }
        member
    }
}

/// How far a member lies from the most probable one along every coordinate, in standard deviations.
fn shares(coordinates: &[Coordinate], from: &Member, to: &Member) -> Vec<f64> {
    coordinates.iter().map(|c| (c.kind.of(to) - c.kind.of(from)) / c.sd).collect()
}

impl Property {
    /// Whether it is a factor: what is equally far from 1 either way is so by its logarithm.
    const fn is_factor(self) -> bool {
        matches!(self, Self::Length | Self::Stiffness | Self::Strength)
    }
}
