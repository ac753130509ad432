//! A quantity of a model compared with OpenSim: the worst difference, and where it is.

/// What a difference may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// A miss when it is greater.
    Within(f64),
    /// Shown, never a miss: OpenSim is not the measure of this quantity.
    Shown,
}

/// The worst difference of one quantity.
#[derive(Clone, Debug)]
pub struct Row {
    /// What is compared, as in the table's head.
    pub quantity: &'static str,
    /// What a difference may be.
    pub bound: Bound,
    /// How many numbers were compared.
    pub compared: usize,
    /// How many numbers were left out by a stated rule.
    pub left_out: usize,
    /// The worst difference; infinite where a number is missing.
    pub worst: f64,
    /// Where it is.
    pub place: String,
}

impl Row {
    /// Nothing compared yet.
    pub fn new(quantity: &'static str, bound: Bound) -> Self {
        Self { quantity, bound, compared: 0, left_out: 0, worst: 0.0, place: String::new() }
    }

    /// Takes up a difference; one that is not a number counts as infinite. `place` says where it is.
    pub fn compare(&mut self, difference: f64, place: impl FnOnce() -> String) {
        let size = if difference.is_nan() { f64::INFINITY } else { difference.abs() };
        self.compared += 1;
        if size > self.worst || (self.place.is_empty() && size > 0.0) {
            self.worst = size;
            self.place = place();
        }
    }

    /// Counts a number that a stated rule leaves out.
    pub fn leave_out(&mut self) {
        self.left_out += 1;
    }

    /// Whether the worst difference is too great.
    pub fn is_miss(&self) -> bool {
        matches!(self.bound, Bound::Within(most) if self.worst > most)
    }
}
