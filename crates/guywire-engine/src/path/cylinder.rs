//! The shortest line from one point to another that keeps outside a cylinder.
//!
//! Seen along the axis (z) the line is [planar](super::planar): two tangents and an arc of length `P` together;
//! unrolled it is straight, so its rise along the axis is spread evenly over its unrolled length:
//!
//! ```text
//! length = √(P² + (z_q − z_p)²)
//! ```
//!
//! which makes it a geodesic on the surface and smooth where it lifts off.
//!
//! **Sides.** A cylinder that allows one side only (OpenSim's `quadrant`) forbids the half plane from its axis to
//! the other side: the line goes the way round that does not cross it. That way is unique and changes
//! continuously unless an end itself crosses the half plane. A side along the axis says nothing.
//!
//! **Ends of the cylinder.** A contact that would lie wholly beyond one end is none, as in OpenSim; the length
//! jumps where it slides off. Where other surfaces of the gap hold the line so that without the contact it would cut the
//! cylinder within its ends, the cylinder goes on beyond them.

use super::planar::{self, Way};
use super::surface::{AllowedSide, Touch};
use guywire_math::{Real, Vec3};

/// The contact of the line from `p` to `q`, in the frame of the surface. `near`: one whose way round is kept to without a side.
pub(super) fn touch<T: Real>(
    radius: f64,
    length: f64,
    side: AllowedSide,
    near: Option<&Touch<f64>>,
    [p, q]: [Vec3<T>; 2],
) -> Option<Touch<T>> {
    let (a, b) = ([p.x, p.y], [q.x, q.y]);
    let (av, bv) = (a.map(T::value), b.map(T::value));
    let forbidden = side.forbidden();
    let mut long = forbidden.is_some_and(|f| planar::passes(av, bv, f));
    let outside = |v: [f64; 2]| v[0] * v[0] + v[1] * v[1] > radius * radius;
    if !long && outside(av) && outside(bv) && !planar::cuts(av, bv, radius) {
        return None;
    }
    if let (None, Some(near)) = (forbidden, near) {
        long = planar::cross(av, bv) * near.turn().z < 0.0;
    }
    let way = if long { Way::Long } else { Way::Short };
    let wound = planar::wind(a, b, T::lift(radius), way)?;
    let (total, rise) = (wound.total(), q.z - p.z);
    let whole = (total * total + rise * rise).sqrt();
    let (flat, climb) = (total / whole, rise / whole);
    let z1 = p.z + rise * wound.reach[0] / total;
    let z2 = q.z - rise * wound.reach[1] / total;
    let (half, z) = (length / 2.0, (z1.value(), z2.value()));
    if length > 0.0 && (z.0 > half && z.1 > half || z.0 < -half && z.1 < -half) {
        return None;
    }
    let [e, f] = wound.touch;
    let (enter, leave) = (Vec3::new(e[0], e[1], z1), Vec3::new(f[0], f[1], z2));
    let along = wound.along.map(|v| Vec3::new(v[0] * flat, v[1] * flat, climb));
    let Some([sp, sq]) = wound.slopes else {
        return Some(Touch { enter, leave, arc: wound.arc / flat, along, slopes: None });
    };
    let slope = |v: [T; 2], end: f64| Vec3::new(v[0] * flat, v[1] * flat, climb * end);
    let arc = whole - (enter - p).norm() - (q - leave).norm();
    Some(Touch { enter, leave, arc, along, slopes: Some([slope(sp, -1.0), slope(sq, 1.0)]) })
}
