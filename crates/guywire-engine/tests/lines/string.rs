//! An independent search for the shortest string outside surfaces.
//!
//! It knows nothing of tangents and geodesics: a string of many points, each pulled onto the middle of its neighbours
//! and pushed out of every surface, until it is taut.

use guywire_engine::path::{Shape, Surface};
use guywire_math::Vec3;
use std::f64::consts::PI;

/// Signed depth below a surface (positive inside) and the outward direction, in its frame, m.
fn depth_in_frame(shape: Shape, x: Vec3<f64>) -> (f64, Vec3<f64>) {
    match shape {
        Shape::Sphere { radius } => (radius - x.norm(), x * (1.0 / x.norm())),
        Shape::Cylinder { radius, .. } => {
            let rho = x.x.hypot(x.y);
            (radius - rho, Vec3::new(x.x / rho, x.y / rho, 0.0))
        }
        Shape::Torus { ring, tube } => {
            let rho = x.x.hypot(x.y);
            let out = Vec3::new(x.x * (1.0 - ring / rho), x.y * (1.0 - ring / rho), x.z);
            (tube - out.norm(), out * (1.0 / out.norm()))
        }
        Shape::Ellipsoid { radii } => {
            let scaled = Vec3::new(x.x / radii.x, x.y / radii.y, x.z / radii.z);
            let gradient = Vec3::new(scaled.x / radii.x, scaled.y / radii.y, scaled.z / radii.z);
            // First order: exact on the surface, to which the pushing converges.
            ((1.0 - scaled.dot(scaled)) / (2.0 * gradient.norm()), gradient * (1.0 / gradient.norm()))
        }
    }
}

/// The same in ground, for a surface fixed there.
pub fn depth(surface: &Surface, x: Vec3<f64>) -> (f64, Vec3<f64>) {
    let (below, out) = depth_in_frame(surface.shape, surface.frame.inverse_point(x));
    (below, surface.frame.rotation * out)
}

pub fn outside(surfaces: &[Surface], mut x: Vec3<f64>) -> Vec3<f64> {
    for surface in surfaces {
        for _ in 0..30 {
            let (below, out) = depth(surface, x);
            if below < 1e-16 {
                break;
            }
            x += out * below;
        }
    }
    x
}

/// A string of `count` pieces along a guide, not yet taut.
pub fn slack(surfaces: &[Surface], guide: &[Vec3<f64>], count: usize) -> Vec<Vec3<f64>> {
    let mut reach = vec![0.0];
    for w in guide.windows(2) {
        reach.push(reach[reach.len() - 1] + (w[1] - w[0]).norm());
    }
    let whole = reach[reach.len() - 1];
    let mut x: Vec<Vec3<f64>> = (0..=count)
        .map(|k| {
            let at = whole * k as f64 / count as f64;
            let i = reach.partition_point(|r| *r <= at).clamp(1, guide.len() - 1);
            let share = (at - reach[i - 1]) / (reach[i] - reach[i - 1]);
            outside(surfaces, guide[i - 1] + (guide[i] - guide[i - 1]) * share)
        })
        .collect();
    (x[0], x[count]) = (guide[0], guide[guide.len() - 1]);
    x
}

/// Pulls a string taut, until its points stay within `still` (m).
pub fn pull(surfaces: &[Surface], x: &mut [Vec3<f64>], still: f64) {
    let count = x.len() - 1;
    let over = 2.0 / (1.0 + (PI / count as f64).sin());
    for _ in 0..20_000 {
        let mut change: f64 = 0.0;
        for k in 1..count {
            let middle = (x[k - 1] + x[k + 1]) * 0.5;
            let next = outside(surfaces, x[k] + (middle - x[k]) * over);
            change = change.max((next - x[k]).norm());
            x[k] = next;
        }
        if change < still {
            break;
        }
    }
}

/// Twice as many pieces.
pub fn finer(surfaces: &[Surface], x: &[Vec3<f64>]) -> Vec<Vec3<f64>> {
    let mut fine: Vec<Vec3<f64>> =
        x.windows(2).flat_map(|w| [w[0], outside(surfaces, (w[0] + w[1]) * 0.5)]).collect();
    fine.extend(x.last());
    fine
}

/// Length of a string; a piece with both ends on one surface counts as an arc.
pub fn measured(surfaces: &[Surface], x: &[Vec3<f64>]) -> f64 {
    let piece = |w: &[Vec3<f64>]| {
        let chord = (w[1] - w[0]).norm();
        for surface in surfaces {
            let [(below, a), (under, b)] = [depth(surface, w[0]), depth(surface, w[1])];
            if below.abs().max(under.abs()) < 1e-9 {
                // Half the angle between the normals along the piece.
                let t = (w[1] - w[0]) * (1.0 / chord);
                let half = 0.5 * (a.dot(t).abs() + b.dot(t).abs());
                return chord * half.asin() / half.max(1e-300);
            }
        }
        chord
    };
    x.windows(2).map(piece).sum()
}
