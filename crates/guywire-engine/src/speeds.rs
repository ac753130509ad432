//! OpenSim's generalised speeds beside the rates of coordinates.
//!
//! In ball, free, ellipsoid and scapulothoracic joints OpenSim's coordinates are body-fixed X-Y-Z angles, but
//! its speeds are the angular velocity of the child in the parent's joint frame (Simbody's mobilisers of these names):
//!
//! ```text
//! u = E(q) q̇,   E = | 1   0     sin y      |     u̇ = E q̈ + Ė q̇
//!                   | 0  cos x  −sin x cos y |   τ_q = Eᵀ τ_u
//!                   | 0  sin x   cos x cos y |   M_q = Eᵀ M_u E
//! ```
//!
//! Everywhere else a speed is the rate of its coordinate. `E` cannot be inverted where cos y = 0; like Simbody,
//! what needs the inverse there is not a number, and the caller is told.

use guywire_math::{Mat3, Real, Vec3};

/// Which degrees of freedom have speeds that are not their rates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speeds {
    /// Triples of X-Y-Z angles, as degrees of freedom.
    turns: Vec<[usize; 3]>,
}

/// The middle angle of a joint is a quarter turn: its rates do not follow from its speeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the angles of degrees of freedom {0:?} are at gimbal lock, where rates do not follow from speeds")]
pub struct GimbalLock(pub [usize; 3]);

impl Speeds {
    /// `turns`: triples of degrees of freedom that are body-fixed X-Y-Z angles with such speeds.
    pub fn new(turns: Vec<[usize; 3]>) -> Self {
        Self { turns }
    }

    /// Whether every speed is a rate.
    pub fn are_rates(&self) -> bool {
        self.turns.is_empty()
    }

    /// Rates to speeds, in place.
    pub fn from_rates(&self, q: &[f64], rates: &mut [f64]) {
        for turn in &self.turns {
            put(turn, jacobian(take(turn, q)) * take(turn, rates), rates);
        }
    }

    /// Speeds to rates, in place.
    ///
    /// # Errors
    /// At gimbal lock.
    pub fn to_rates(&self, q: &[f64], speeds: &mut [f64]) -> Result<(), GimbalLock> {
        for turn in &self.turns {
            put(turn, inverse(turn, q)? * take(turn, speeds), speeds);
        }
        Ok(())
    }

    /// Second derivatives of the coordinates to rates of the speeds, in place.
    pub fn from_accelerations(&self, q: &[f64], rates: &[f64], accelerations: &mut [f64]) {
        for turn in &self.turns {
            let (angles, rate) = (take(turn, q), take(turn, rates));
            let value = jacobian(angles) * take(turn, accelerations) + drift(angles, rate);
            put(turn, value, accelerations);
        }
    }

    /// Rates of the speeds to second derivatives of the coordinates, in place.
    ///
    /// # Errors
    /// At gimbal lock.
    pub fn to_accelerations(
        &self,
        q: &[f64],
        rates: &[f64],
        accelerations: &mut [f64],
    ) -> Result<(), GimbalLock> {
        for turn in &self.turns {
            let (angles, rate) = (take(turn, q), take(turn, rates));
            put(turn, inverse(turn, q)? * (take(turn, accelerations) - drift(angles, rate)), accelerations);
        }
        Ok(())
    }

    /// Generalised forces, or any row that acts on rates, to those that act on speeds, in place: `τ_u = E⁻ᵀ τ_q`.
    ///
    /// # Errors
    /// At gimbal lock.
    pub fn from_rate_forces(&self, q: &[f64], forces: &mut [f64]) -> Result<(), GimbalLock> {
        for turn in &self.turns {
            put(turn, inverse(turn, q)?.transpose() * take(turn, forces), forces);
        }
        Ok(())
    }

    /// Forces on speeds to forces on rates, in place: `τ_q = Eᵀ τ_u`.
    pub fn to_rate_forces(&self, q: &[f64], forces: &mut [f64]) {
        for turn in &self.turns {
            put(turn, jacobian(take(turn, q)).transpose() * take(turn, forces), forces);
        }
    }

    /// Mass matrix of rates (row by row) to that of speeds, in place: `M_u = E⁻ᵀ M_q E⁻¹`.
    ///
    /// # Errors
    /// At gimbal lock.
    pub fn from_rate_mass_matrix(&self, q: &[f64], matrix: &mut [f64]) -> Result<(), GimbalLock> {
        if self.turns.is_empty() {
            return Ok(());
        }
        let n = q.len();
        for row in matrix.chunks_exact_mut(n) {
            self.from_rate_forces(q, row)?;
        }
        let mut column = vec![0.0; n];
        for j in 0..n {
            for (i, value) in column.iter_mut().enumerate() {
                *value = matrix[i * n + j];
            }
            self.from_rate_forces(q, &mut column)?;
            for (i, value) in column.iter().enumerate() {
                matrix[i * n + j] = *value;
            }
        }
        Ok(())
    }
}

fn take(turn: &[usize; 3], values: &[f64]) -> Vec3<f64> {
    Vec3::from_array(turn.map(|i| values[i]))
}

fn put(turn: &[usize; 3], value: Vec3<f64>, values: &mut [f64]) {
    for (&i, v) in turn.iter().zip(value.to_array()) {
        values[i] = v;
    }
}

fn jacobian<T: Real>(angles: Vec3<T>) -> Mat3<T> {
    let ((sx, cx), (sy, cy), one, zero) = (angles.x.sin_cos(), angles.y.sin_cos(), T::one(), T::zero());
    Mat3 { rows: [Vec3::new(one, zero, sy), Vec3::new(zero, cx, -sx * cy), Vec3::new(zero, sx, cx * cy)] }
}

fn inverse(turn: &[usize; 3], q: &[f64]) -> Result<Mat3<f64>, GimbalLock> {
    let Vec3 { x, y, .. } = take(turn, q);
    let ((sx, cx), (sy, cy)) = (libm::sincos(x), libm::sincos(y));
    // The cosine of the float nearest to a quarter turn is 6e-17.
    if cy.abs() < 1e-15 {
        return Err(GimbalLock(*turn));
    }
    let tan = sy / cy;
    Ok(Mat3 {
        rows: [
            Vec3::new(1.0, sx * tan, -cx * tan),
            Vec3::new(0.0, cx, sx),
            Vec3::new(0.0, -sx / cy, cx / cy),
        ],
    })
}

/// `Ė q̇`.
fn drift(angles: Vec3<f64>, rates: Vec3<f64>) -> Vec3<f64> {
    let dual = |value: f64, slope: f64| guywire_math::Dual { value, slope: [slope] };
    let moving = Vec3::new(dual(angles.x, rates.x), dual(angles.y, rates.y), dual(angles.z, rates.z));
    let speeds = jacobian(moving) * rates.lift();
    Vec3::new(speeds.x.slope[0], speeds.y.slope[0], speeds.z.slope[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    const Q: [f64; 5] = [0.3, 0.7, -0.4, 1.1, 2.0];
    const RATES: [f64; 5] = [1.0, -0.5, 0.25, 2.0, -1.0];

    fn speeds() -> Speeds {
        Speeds::new(vec![[3, 1, 0]])
    }

    /// The speeds are the angular velocity of X-Y-Z angles, found by turning a little.
    #[test]
    fn speeds_are_angular_velocity() {
        let at = |t: f64| {
            let angle = |i: usize| Q[i] + t * RATES[i];
            Mat3::euler_xyz(angle(3), angle(1), angle(0))
        };
        let h = 1e-6;
        let rows = [0, 1, 2].map(|i| (at(h).rows[i] - at(-h).rows[i]) * (0.5 / h));
        let turning = Mat3 { rows } * at(0.0).transpose();
        let mut u = RATES;
        speeds().from_rates(&Q, &mut u);
        let expected = [turning.rows[2].y, turning.rows[0].z, turning.rows[1].x];
        for (i, e) in [3, 1, 0].into_iter().zip(expected) {
            assert!((u[i] - e).abs() < 1e-9, "{} {e}", u[i]);
        }
        speeds().to_rates(&Q, &mut u).unwrap();
        assert!(u.iter().zip(&RATES).all(|(a, b)| (a - b).abs() < 1e-14));
    }

    #[test]
    fn accelerations_are_rates_of_speeds() {
        let acceleration = [0.4, -1.0, 3.0, 0.2, 0.7];
        let at = |t: f64| {
            let q: Vec<f64> = (0..5).map(|i| Q[i] + t * (RATES[i] + 0.5 * t * acceleration[i])).collect();
            let mut u: Vec<f64> = (0..5).map(|i| RATES[i] + t * acceleration[i]).collect();
            speeds().from_rates(&q, &mut u);
            u
        };
        let (h, mut found) = (1e-6, acceleration);
        speeds().from_accelerations(&Q, &RATES, &mut found);
        for (i, value) in found.iter().enumerate() {
            assert!((value - (at(h)[i] - at(-h)[i]) / (2.0 * h)).abs() < 1e-8);
        }
        speeds().to_accelerations(&Q, &RATES, &mut found).unwrap();
        assert!(found.iter().zip(&acceleration).all(|(a, b)| (a - b).abs() < 1e-14));
    }

    #[test]
    fn power_and_energy_do_not_depend_on_the_basis() {
        let mut u = RATES;
        speeds().from_rates(&Q, &mut u);
        let force = [1.0, 2.0, 3.0, 4.0, 5.0];
        let mut moved = force;
        speeds().from_rate_forces(&Q, &mut moved).unwrap();
        let power = |f: &[f64], v: &[f64]| f.iter().zip(v).map(|(a, b)| a * b).sum::<f64>();
        assert!((power(&force, &RATES) - power(&moved, &u)).abs() < 1e-13);
        speeds().to_rate_forces(&Q, &mut moved);
        assert!(moved.iter().zip(&force).all(|(a, b)| (a - b).abs() < 1e-13));
        let mut mass: Vec<f64> =
            (0..25).map(|k| f64::from(k % 5 + k / 5) + 6.0 * f64::from(u8::from(k % 6 == 0))).collect();
        let quadratic =
            |m: &[f64], v: &[f64]| (0..5).map(|i| v[i] * power(&m[i * 5..i * 5 + 5], v)).sum::<f64>();
        let before = quadratic(&mass, &RATES);
        speeds().from_rate_mass_matrix(&Q, &mut mass).unwrap();
        assert!((before - quadratic(&mass, &u)).abs() < 1e-11);
    }

    #[test]
    fn gimbal_lock_is_told() {
        let mut q = Q;
        q[1] = std::f64::consts::FRAC_PI_2;
        assert_eq!(speeds().to_rates(&q, &mut [0.0; 5]), Err(GimbalLock([3, 1, 0])));
    }
}
