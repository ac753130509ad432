//! The shortest line from one point to another that keeps outside a sphere.
//!
//! It lies in the plane through both points and the centre, where it is [planar](super::planar).
//!
//! With a side it is an [ellipsoid](super::ellipsoid) of equal half axes.

use super::planar::{self, Way};
use super::surface::{AllowedSide, Touch};
use guywire_math::{Real, Vec3};

/// The contact of the line from `p` to `q`, in the frame of the surface.
pub(super) fn touch<T: Real>(radius: f64, [p, q]: [Vec3<T>; 2]) -> Option<Touch<T>> {
    let (pv, qv) = (p.value(), q.value());
    let d = qv - pv;
    let (size, foot) = (d.dot(d), -pv.dot(d));
    if !(foot > 0.0 && foot < size) {
        return None;
    }
    let nearest = pv + d * (foot / size);
    if nearest.dot(nearest) >= radius * radius {
        return None;
    }
    let first = p.norm();
    if first.value() <= 0.0 {
        return None;
    }
    // Axes of the plane: towards p, and across it towards q.
    let x = p.scaled(T::one() / first);
    let across = q - x.scaled(x.dot(q));
    let width = across.norm();
    let y = if width.value() > 1e-9 * radius {
        across.scaled(T::one() / width)
    } else {
        // Ends and centre in one line: every plane will do.
        AllowedSide::Any.across(d).lift()
    };
    let wound = planar::wind([first, T::zero()], [x.dot(q), y.dot(q)], T::lift(radius), Way::Short)?;
    let out = |v: [T; 2]| x.scaled(v[0]) + y.scaled(v[1]);
    let [enter, leave] = wound.touch.map(out);
    let arc = if wound.slopes.is_some() {
        wound.total() - (enter - p).norm() - (q - leave).norm()
    } else {
        wound.arc
    };
    let slopes = wound.slopes.map(|both| both.map(out));
    Some(Touch { enter, leave, arc, along: wound.along.map(out), slopes })
}
