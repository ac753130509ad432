//! Values as text. Numbers are the shortest that read back to the same double.

use guywire_math::Vec3;

/// What a property can hold.
pub(super) trait Value {
    fn text(&self) -> String;
}

impl Value for f64 {
    fn text(&self) -> String {
        let size = self.abs();
        if self.is_nan() {
            "NaN".to_owned()
        } else if self.is_infinite() {
            (if *self > 0.0 { "Inf" } else { "-Inf" }).to_owned()
        } else if size != 0.0 && !(1e-5..1e16).contains(&size) {
            format!("{self:e}")
        } else {
            self.to_string()
        }
    }
}

impl Value for bool {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Value for &str {
    fn text(&self) -> String {
        (*self).to_owned()
    }
}

impl Value for Vec3<f64> {
    fn text(&self) -> String {
        [self.x, self.y, self.z].as_slice().text()
    }
}

impl<const N: usize> Value for [f64; N] {
    fn text(&self) -> String {
        self.as_slice().text()
    }
}

impl Value for &[f64] {
    fn text(&self) -> String {
        self.iter().map(Value::text).collect::<Vec<_>>().join(" ")
    }
}
