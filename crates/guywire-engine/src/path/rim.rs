//! The line over a ball or an ellipsoid that keeps to its allowed side.
//!
//! As for a cylinder, a side `σ` forbids a half plane that ends in an axis through the centre. A ball has no axis
//! of its own: it is taken across the line and the side. In half axes (`x̃ = x / a`)
//!
//! ```text
//! u = d̃ × σ / |d̃ × σ|      d̃ = q̃ − p̃
//! ```
//!
//! and the line crosses the plane through the centre across `d̃` where `σ · x ≥ 0`. Where the shortest line does not,
//! the shortest one that does rests on the axis, at one of the points where it leaves the surface, or beyond where
//! that is shorter (`s > 1`):
//!
//! ```text
//! e = ± s a ∘ u      L = L(p, e) + L(e, q)
//! ```
//!
//! It bends there by `k`, the difference of its directions, which pushes on the surface; as the axis turns with the
//! ends, its slopes are `−t_p − g` and `t_q + g`, `g = (∂e/∂d)ᵀ k`. The length is continuous in the pose wherever the
//! straight line cuts the surface and does not run along `σ`.

use super::ellipsoid;
use super::surface::{AllowedSide, NotFound, Touch};
use guywire_math::{Real, Vec3};

/// A line nearer to the direction of the side than this (sine of the angle, in half axes) has no sides.
const ALONG_SIDE: f64 = 1e-6;
/// Where the axis leaves the surface, in half axes: so far out that the point counts as outside.
const SURFACE: f64 = 1.0 + 1e-14;
/// Growth of the reach when the best place on the axis is looked for.
const FARTHER: f64 = 1.5;
/// Farthest place tried, in half axes.
const FARTHEST: f64 = 1e3;
/// Most steps to the best place on the axis.
const SLIDES: usize = 60;
/// The best place is known to this share of the half axis.
const PLACED: f64 = 1e-14;
/// The force along the axis that is none, N per newton of tension.
const RESTING: f64 = 1e-13;

/// The axis across a line and a side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rim<T> {
    radii: Vec3<f64>,
    side: Vec3<f64>,
    /// `u`, and `|d̃ × σ|`.
    axis: Vec3<T>,
    steep: T,
    ends: [Vec3<T>; 2],
}

/// One of the parts of a line that rests on the axis.
struct Part<T> {
    enter: Vec3<T>,
    leave: Vec3<T>,
    length: T,
    /// Directions at its ends.
    along: [Vec3<T>; 2],
    /// Slopes of the length by its ends.
    slopes: [Vec3<T>; 2],
}

impl<T: Real> Rim<T> {
    /// None where the side says nothing.
    pub fn new(radii: Vec3<f64>, side: AllowedSide, ends: [Vec3<T>; 2]) -> Option<Self> {
        let side = side.direction()?;
        let d = ends[1] - ends[0];
        let d = Vec3::new(d.x / radii.x, d.y / radii.y, d.z / radii.z);
        let across = d.cross(side.lift());
        let steep = across.norm();
        (steep.value() > ALONG_SIDE * d.value().norm()).then(|| Self {
            radii,
            side,
            axis: across.scaled(T::one() / steep),
            steep,
            ends,
        })
    }

    /// The shorter of the lines over both ends of the axis.
    ///
    /// # Errors
    /// When one of its parts is not found.
    pub fn line(&self) -> Result<Touch<T>, NotFound> {
        let plain = Rim {
            radii: self.radii,
            side: self.side,
            axis: self.axis.value(),
            steep: self.steep.value(),
            ends: self.ends.map(Vec3::value),
        };
        let [one, other] = [plain.rest(1.0)?, plain.rest(-1.0)?];
        let rest = if other.length < one.length { other } else { one };
        // How the place moves with the ends, by one step of Newton's method.
        let mut place = T::lift(rest.place);
        if rest.stiff > 0.0 {
            place -= self.press(&self.parts(place)?, rest.place.signum()) / rest.stiff;
        }
        let [first, last] = self.parts(place)?;
        let bend = first.slopes[1] + last.slopes[0];
        let lever = bend.times(self.radii.lift()).scaled(place);
        let lever = lever - self.axis.scaled(self.axis.dot(lever));
        let turned = self.side.lift::<T>().cross(lever.scaled(T::one() / self.steep));
        let a = self.radii;
        let g = Vec3::new(turned.x / a.x, turned.y / a.y, turned.z / a.z);
        let straight = (first.enter - self.ends[0]).norm() + (self.ends[1] - last.leave).norm();
        Ok(Touch {
            enter: first.enter,
            leave: last.leave,
            arc: first.length + last.length - straight,
            along: [first.along[0], last.along[1]],
            slopes: Some([first.slopes[0] - g, last.slopes[1] + g]),
        })
    }

    /// Where on the axis the line rests, in half axes with a sign.
    fn parts(&self, place: T) -> Result<[Part<T>; 2], NotFound> {
        let e = self.axis.times(self.radii.lift()).scaled(place);
        Ok([Part::new(self.radii, [self.ends[0], e])?, Part::new(self.radii, [e, self.ends[1]])?])
    }

    /// Slope of the length by the distance from the centre, m per half axis.
    fn press(&self, parts: &[Part<T>; 2], sign: f64) -> T {
        let outward = self.axis.times(self.radii.lift()) * sign;
        (parts[0].slopes[1] + parts[1].slopes[0]).dot(outward)
    }
}

/// Where a line rests on one half of the axis.
struct Rest {
    /// In half axes, with the sign of the half.
    place: f64,
    length: f64,
    /// Slope of the force along the axis by the place; 0 on the surface.
    stiff: f64,
}

impl Rim<f64> {
    /// The shortest line over one half of the axis.
    fn rest(&self, sign: f64) -> Result<Rest, NotFound> {
        let at = |s: f64| -> Result<(f64, f64), NotFound> {
            let parts = self.parts(sign * s)?;
            Ok((self.press(&parts, sign), parts[0].length + parts[1].length))
        };
        let (first, length) = at(SURFACE)?;
        if first >= 0.0 {
            return Ok(Rest { place: sign * SURFACE, length, stiff: 0.0 });
        }
        // Below the best place the line pushes outward.
        let (mut low, mut high) = ((SURFACE, first), (SURFACE, first));
        while high.1 < 0.0 {
            low = high;
            let s = low.0 * FARTHER;
            if s > FARTHEST {
                return Err(NotFound);
            }
            high = (s, at(s)?.0);
        }
        let mut found = (high.0, high.1);
        for turn in 0..SLIDES {
            if high.0 - low.0 <= PLACED * high.0 || found.1.abs() <= RESTING * self.radii.norm() {
                break;
            }
            let share = if turn % 3 == 2 { 0.5 } else { low.1 / (low.1 - high.1) };
            let s = low.0 + (high.0 - low.0) * share;
            found = (s, at(s)?.0);
            *(if found.1 < 0.0 { &mut low } else { &mut high }) = found;
        }
        let step = 1e-5 * found.0;
        let stiff = (at(found.0 + step)?.0 - at(found.0 - step)?.0) / (2.0 * step);
        Ok(Rest { place: sign * found.0, length: at(found.0)?.1, stiff: stiff * sign })
    }
}

impl<T: Real> Part<T> {
    fn new(radii: Vec3<f64>, [p, q]: [Vec3<T>; 2]) -> Result<Self, NotFound> {
        let Some(touch) = ellipsoid::touch(radii, AllowedSide::Any, None, [p, q])? else {
            let length = (q - p).norm();
            if length.value() <= 0.0 {
                return Err(NotFound);
            }
            let t = (q - p).scaled(T::one() / length);
            // Nothing is touched but the axis.
            return Ok(Self { enter: q, leave: p, length, along: [t, t], slopes: [-t, t] });
        };
        let length = (touch.enter - p).norm() + touch.arc + (q - touch.leave).norm();
        let slopes = touch.slopes.unwrap_or([-touch.along[0], touch.along[1]]);
        Ok(Self { enter: touch.enter, leave: touch.leave, length, along: touch.along, slopes })
    }
}
