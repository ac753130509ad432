//! Mass and inertia of a scaled body, as OpenSim's `Body::scaleInertialProperties`.
//!
//! Equal factors `s` scale the inertia by `s²` (and by `s³` with the mass). Unequal ones take the segment for a
//! solid cylinder along the axis of least inertia: its radius and length follow from two moments of inertia and
//! are scaled,
//!
//! ```text
//! I_axis = m r²/2        I_other = m (l²/12 + r²/4)
//! ```
//!
//! with `r²` times the product of the factors across and `l` times that along. Products of inertia are
//! multiplied by the two factors of their axes.

/// Mass (kg) and inertia about the centre of mass: xx, yy, zz, xy, xz, yz (kg·m²).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inertial {
    /// kg.
    pub mass: f64,
    /// kg·m².
    pub inertia: [f64; 6],
}

/// Relative difference below which OpenSim takes factors for equal (`SimTK::SignificantReal`).
const EQUAL: f64 = 2e-14;

impl Inertial {
    /// Scaled along x, y, z; the mass only `with_mass`.
    pub fn scaled(&self, factors: [f64; 3], with_mass: bool) -> Self {
        let volume = (factors[0] * factors[1] * factors[2]).abs();
        let mass = if with_mass { self.mass * volume } else { self.mass };
        let density = if with_mass { volume } else { 1.0 };
        if mass <= f64::EPSILON {
            return Self { mass, inertia: [0.0; 6] };
        }
        let equal = |a: f64, b: f64| (a - b).abs() <= EQUAL * a.abs().max(b.abs()).max(1.0);
        let [x, y, z] = factors;
        if equal(x, y) && equal(y, z) {
            return Self { mass, inertia: self.inertia.map(|i| i * density * (x * x)) };
        }
        let moments = [self.inertia[0], self.inertia[1], self.inertia[2]];
        let axis = match moments {
            [xx, yy, zz] if xx <= yy => {
                if xx <= zz {
                    0
                } else {
                    2
                }
            }
            [_, yy, zz] => {
                if yy <= zz {
                    1
                } else {
                    2
                }
            }
        };
        let across = [(axis + 1) % 3, (axis + 2) % 3];
        let other = if axis == 0 { 1 } else { 0 };
        let root = |square: f64| libm::sqrt(f64::max(square, 0.0));
        let radius = root(2.0 * moments[axis] / self.mass);
        let length =
            root(12.0 * (moments[other] - 0.25 * self.mass * radius * radius) / self.mass) * factors[axis];
        let radius2 = radius * factors[across[0]] * radius * factors[across[1]];
        let mut inertia = [mass * (length * length / 12.0 + 0.25 * radius2); 6];
        inertia[axis] = 0.5 * mass * radius2;
        inertia[3] = self.inertia[3] * (x * y) * density;
        inertia[4] = self.inertia[4] * (x * z) * density;
        inertia[5] = self.inertia[5] * (y * z) * density;
        Self { mass, inertia }
    }

    /// Denser or thinner.
    pub fn times(&self, factor: f64) -> Self {
        Self { mass: self.mass * factor, inertia: self.inertia.map(|i| i * factor) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A solid cylinder along y stays one when it is stretched along y and thickened across.
    #[test]
    fn a_cylinder_scales_to_a_cylinder() {
        let cylinder = |mass: f64, radius: f64, length: f64| {
            let across = mass * (length * length / 12.0 + radius * radius / 4.0);
            Inertial { mass, inertia: [across, mass * radius * radius / 2.0, across, 0.0, 0.0, 0.0] }
        };
        let scaled = cylinder(3.0, 0.05, 0.4).scaled([1.2, 1.5, 1.2], true);
        let wanted = cylinder(3.0 * 1.2 * 1.5 * 1.2, 0.06, 0.6);
        assert!((scaled.mass - wanted.mass).abs() < 1e-14);
        for (a, b) in scaled.inertia.iter().zip(&wanted.inertia) {
            assert!((a - b).abs() < 1e-14, "{a} {b}");
        }
    }

    /// The two rules agree where they meet, for a cylinder.
    #[test]
    fn rules_meet_at_equal_factors() {
        let body = Inertial { mass: 2.0, inertia: [0.03, 0.002, 0.03, 0.001, -0.002, 0.0005] };
        let (uniform, nearly) = (body.scaled([1.1; 3], true), body.scaled([1.1, 1.1 + 1e-12, 1.1], true));
        for (a, b) in uniform.inertia.iter().zip(&nearly.inertia) {
            assert!((a - b).abs() < 1e-11, "{a} {b}");
        }
        assert_eq!(Inertial { mass: 0.0, inertia: [1.0; 6] }.scaled([2.0; 3], true).inertia, [0.0; 6]);
    }
}
