//! What an examiner, a strap or one's own weight does to a relaxed limb.

/// A moment or force that an examiner gives a degree of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hand {
    /// Index in `q`.
    pub degree: usize,
    /// N·m or N, positive along the degree of freedom.
    pub moment: f64,
    /// Where flesh meets flesh on the way, if it does.
    pub stop: Option<Stop>,
}

/// Something soft that a degree of freedom runs into, in the direction of the hand's moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Where it begins, rad or m.
    pub at: f64,
    /// It pushes back by this times the square of the way into it, N·m/rad² or N/m².
    pub stiffness: f64,
}

impl Hand {
    /// The force at a value of its degree, and its slope.
    pub(super) fn force(&self, q: f64) -> (f64, f64) {
        let Some(stop) = self.stop else { return (self.moment, 0.0) };
        let sense = if self.moment < 0.0 { -1.0 } else { 1.0 };
        let into = (sense * (q - stop.at)).max(0.0);
        (self.moment - sense * stop.stiffness * into * into, -2.0 * stop.stiffness * into)
    }
}
