//! Body-fixed X-Y-Z angles of a rotation, the inverse of [`Mat3::euler_xyz`].

use guywire_math::Mat3;

/// Angles about x, y, z in rad; where y is a quarter turn, z is 0.
///
/// ```text
/// R = Rx(a) Ry(b) Rz(c):   R02 = sin b,   R12 = −sin a cos b,   R01 = −cos b sin c
/// ```
pub fn euler_xyz(rotation: &Mat3<f64>) -> [f64; 3] {
    let [first, second, third] = rotation.rows;
    let cos_b = libm::hypot(first.x, first.y);
    // Below this the other two angles turn about the same axis and only their sum is known.
    if cos_b < 1e-9 {
        return [libm::atan2(third.y, second.y), libm::atan2(first.z, cos_b), 0.0];
    }
    [libm::atan2(-second.z, third.z), libm::atan2(first.z, cos_b), libm::atan2(-first.y, first.x)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_give_the_rotation_back() {
        let quarter = std::f64::consts::FRAC_PI_2;
        for [a, b, c] in [[0.3, -0.7, 2.5], [-3.0, 1.2, -0.1], [0.4, quarter, 0.3], [0.4, -quarter, 0.3]] {
            let rotation = Mat3::euler_xyz(a, b, c);
            let [x, y, z] = euler_xyz(&rotation);
            let again = Mat3::euler_xyz(x, y, z);
            for (row, expected) in again.rows.iter().zip(rotation.rows) {
                assert!((*row - expected).norm() < 1e-9, "{a} {b} {c}");
            }
        }
    }
}
