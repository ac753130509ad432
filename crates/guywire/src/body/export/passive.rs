//! Passive moments and ligaments.

use super::{Exported, NO_NODE, Treatment, base};
use guywire_engine::System;
use guywire_engine::passive::{Ligament, PassiveLaw, PassiveMoment};
use guywire_engine::path::PathPoint as End;
use guywire_math::Pose;
use guywire_osim::description::{Force, ForceKind, GeometryPath, PathPoint, PathPointKind};

/// Compression at which the spinal segments' stiffness is written, N: the preload of Gardner-Morse & Stokes 2004
/// at which it was measured.
const WRITTEN_PRELOAD: f64 = 500.0;

/// Adds all passive tissue that is not muscle.
pub(super) fn add(system: &System, exported: &mut Exported) {
    for passive in &system.passives {
        let coordinate = system.model.degree_coordinate(passive.degree).name.clone();
        let kind = law(system, passive, coordinate, exported);
        let name = format!("passive_{}", passive.name);
        exported.description.forces.push(Force {
            node: NO_NODE,
            name,
            applies_force: true,
            frames: vec![],
            kind,
        });
    }
    for l in &system.ligaments {
        exported.description.forces.push(ligament(l));
    }
}

fn law(system: &System, passive: &PassiveMoment, coordinate: String, exported: &mut Exported) -> ForceKind {
    match passive.law {
        PassiveLaw::Linear { stiffness, neutral } => {
            ForceKind::SpringGeneralizedForce { coordinate, stiffness, rest_length: neutral, viscosity: 0.0 }
        }
        PassiveLaw::Exponential { moment, at, fold } => ForceKind::ExpressionBasedCoordinate {
            coordinate,
            expression: format!("({moment:?})*exp((q-({at:?}))/({fold:?}))"),
        },
        PassiveLaw::Segment { stiffness, neutral, cubic_below, cubic_above } => {
            if passive.level.is_some() {
                exported.note(
                    Treatment::Approximated,
                    format!("stiffness of {}", passive.name),
                    format!("grows with the compression of the disc; in the file it is that at {WRITTEN_PRELOAD} N"),
                );
            }
            let factor = passive.level.map_or(1.0, |_| system.preload.factor(WRITTEN_PRELOAD));
            let t = format!("(q-({neutral:?}))");
            ForceKind::ExpressionBasedCoordinate {
                coordinate,
                expression: format!(
                    "-({:?})*{t}-({cubic_below:?})*min({t},0)^3-({cubic_above:?})*max({t},0)^3",
                    stiffness * factor
                ),
            }
        }
    }
}

/// Exactly Blankevoort's law: a parabola up to the transition strain, then straight.
fn ligament(l: &Ligament) -> Force {
    let point = |end: &End, which: &str| PathPoint {
        node: NO_NODE,
        name: format!("{}-{which}", l.name),
        base: base(end.body),
        frame: Pose::identity(),
        kind: PathPointKind::Fixed(end.position),
    };
    let points = vec![point(&l.origin, "P1"), point(&l.insertion, "P2")];
    Force {
        node: NO_NODE,
        name: l.name.clone(),
        applies_force: true,
        frames: vec![],
        kind: ForceKind::BlankevoortLigament {
            path: GeometryPath { node: NO_NODE, points, wraps: Vec::new(), functions: None },
            slack_length: l.slack_length,
            linear_stiffness: l.stiffness * l.slack_length,
            transition_strain: l.toe / l.slack_length,
            damping_coefficient: 0.0,
        },
    }
}
