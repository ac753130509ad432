//! The most probable tissue given readings, and how sure that is.
//!
//! ```text
//! minimise   Σ ((r_i − p_i(w)) / s_i)² + |w|²        p: predictions, s: errors of the readings, w: standard scores
//! Σ = (JᵀJ + I)⁻¹                                    J = ∂p/∂w / s at the minimum (Laplace)
//! ```
//!
//! by Levenberg's and Marquardt's method (Marquardt 1963, J Soc Ind Appl Math 11:431) on exact slopes.
//!
//! **One wrong reading.** A reading is held against what all others say: with the leverage `h_i = (J Σ Jᵀ)_ii` its deletion
//! residual is `(r_i − p_i) / (s_i √(1 − h_ii))`, standard normal if nothing is wrong (Cook and Weisberg 1982,
//! Residuals and Influence in Regression, section 2.2). The worst one beyond a bound that clean batteries pass in 1 of
//! 25 times at most (Bonferroni), before and after the rest is fitted without it, is distrusted and left out. Only what
//! others speak of can be distrusted: a reading that nothing but the prior contradicts stands. Where leaving out another
//! one instead makes all agree as well, it is word against word, and both are left out.

use super::FitError;
use super::prediction::Prediction;
use guywire_math::linalg::{cholesky, cholesky_solve};
use guywire_math::random::{Z90, normal_quantile};

/// Most steps.
const MAX_STEPS: usize = 40;
/// A step that changes every standard score by less ends the search.
const SETTLED: f64 = 1e-6;
/// So does a step that has lowered the cost and changes every one by less: what is left is small beside the spread of 1.
const NEAR: f64 = 5e-3;
/// Damping at first, and how it changes.
const DAMPING: f64 = 1e-3;
const MORE: f64 = 10.0;
/// Largest damping that is tried.
const STUCK: f64 = 1e8;
/// Longest step of a standard score.
const LONGEST: f64 = 1.5;
/// Share of clean batteries in which a reading is distrusted.
pub const FALSE_ALARMS: f64 = 0.04;
/// Where the other readings leave more than this share of a prediction's variance, they say too little to contradict it.
const UNHEARD: f64 = 0.9;
/// Most times that a reading is distrusted, or two of which one must be wrong: more are no slips.
const MOST_SLIPS: usize = 2;
/// Of two readings one is the wrong one if that is ten times as likely: difference of the squares of their residuals.
const LIKELIER: f64 = 2.0 * std::f64::consts::LN_10;
/// From this step on, the search ends when one lowers the cost by less than [`FLAT`]: where a reading contradicts others by many
/// errors, the way down is a narrow bend, along which all bodies are about as likely.
const PATIENT: usize = 12;
/// A thirtieth of a standard deviation.
const FLAT: f64 = 1e-3;

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// In the unit of the test.
    pub read: f64,
    /// Standard error.
    pub error: f64,
}

/// The most probable scores and their spread.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// Standard scores.
    pub scores: Vec<f64>,
    /// Their covariance, row by row.
    pub covariance: Vec<f64>,
    /// Predictions there.
    pub prediction: Prediction,
    /// Which readings were left out.
    pub distrusted: Vec<bool>,
    /// Deletion residual of every reading; 0 where the other readings say too little of it.
    pub surprise: Vec<f64>,
    /// Steps of the last search.
    pub iterations: usize,
}

impl Posterior {
    /// Variance of a quantity with these slopes by the scores.
    pub fn variance(&self, slopes: &[f64]) -> f64 {
        let n = self.scores.len();
        let row = |i: usize| -> f64 { (0..n).map(|j| self.covariance[i * n + j] * slopes[j]).sum() };
        (0..n).map(|i| slopes[i] * row(i)).sum()
    }
}

/// Fits readings; `predict` gives predictions and slopes at standard scores.
pub fn fit(
    observed: &[Observed],
    unknowns: usize,
    predict: &dyn Fn(&[f64]) -> Result<Prediction, FitError>,
) -> Result<Posterior, FitError> {
    let mut distrusted = vec![false; observed.len()];
    let mut found = search(observed, &distrusted, vec![0.0; unknowns], predict)?;
    for _ in 0..MOST_SLIPS {
        let Some((slip, without)) = slip(observed, &distrusted, &found, predict)? else { break };
        (distrusted, found) = (slip, without);
    }
    found.distrusted = distrusted;
    Ok(found)
}

/// Fits readings, all of which are believed.
///
/// # Errors
/// When a prediction fails at the start, or the search does not end.
pub fn fit_believed(
    observed: &[Observed],
    unknowns: usize,
    predict: &dyn Fn(&[f64]) -> Result<Prediction, FitError>,
) -> Result<Posterior, FitError> {
    let distrusted = vec![false; observed.len()];
    let found = search(observed, &distrusted, vec![0.0; unknowns], predict)?;
    Ok(Posterior { distrusted, ..found })
}

/// What is distrusted with one more slip, and the fit without it, if there is a slip.
fn slip(
    observed: &[Observed],
    distrusted: &[bool],
    found: &Posterior,
    predict: &dyn Fn(&[f64]) -> Result<Prediction, FitError>,
) -> Result<Option<(Vec<bool>, Posterior)>, FitError> {
    let bound = bound(observed.len());
    let without = |readings: &[usize]| -> Result<(Vec<bool>, Posterior), FitError> {
        let mut out = distrusted.to_vec();
        readings.iter().for_each(|&i| out[i] = true);
        let rest = search(observed, &out, found.scores.clone(), predict)?;
        Ok((out, rest))
    };
    let worst_of = |list: &mut dyn Iterator<Item = usize>| {
        list.max_by(|&a, &b| found.surprise[a].abs().total_cmp(&found.surprise[b].abs()))
    };
    let square = |at: &Posterior, i: usize| at.surprise[i] * at.surprise[i];
    let mut trusted = (0..observed.len()).filter(|&i| !distrusted[i]);
    let Some(worst) = worst_of(&mut trusted).filter(|&i| found.surprise[i].abs() > bound) else {
        return Ok(None);
    };
    let (out, rest) = without(&[worst])?;
    // The leverage is that of a straight line; the fit without the reading has the last word.
    if rest.surprise[worst].abs() <= bound {
        return Ok(None);
    }
    // A reading that is surprised by the worst one alone may be the wrong one as well.
    let mut against = (0..observed.len()).filter(|&j| {
        !out[j] && square(found, j) > square(found, worst) - LIKELIER && rest.surprise[j].abs() < Z90
    });
    let Some(rival) = worst_of(&mut against) else { return Ok(Some((out, rest))) };
    let (other_out, other) = without(&[rival])?;
    let likelier = square(&rest, worst) - square(&other, rival);
    Ok(Some(if likelier > LIKELIER {
        (out, rest)
    } else if likelier < -LIKELIER {
        (other_out, other)
    } else {
        without(&[worst, rival])?
    }))
}

fn search(
    observed: &[Observed],
    distrusted: &[bool],
    mut scores: Vec<f64>,
    predict: &dyn Fn(&[f64]) -> Result<Prediction, FitError>,
) -> Result<Posterior, FitError> {
    let n = scores.len();
    let mut at = predict(&scores)?;
    let cost = |at: &Prediction, scores: &[f64]| -> f64 {
        let misfit = observed.iter().zip(&at.readings).zip(distrusted).filter(|(_, out)| !**out);
        let misfit: f64 = misfit.map(|((o, p), _)| ((o.read - p) / o.error) * ((o.read - p) / o.error)).sum();
        misfit + scores.iter().map(|w| w * w).sum::<f64>()
    };
    let mut here = cost(&at, &scores);
    let mut damping = DAMPING;
    for iteration in 0..MAX_STEPS {
        let (matrix, gradient) = normal(observed, distrusted, &at, &scores);
        loop {
            let mut damped = matrix.clone();
            for i in 0..n {
                damped[i * n + i] *= 1.0 + damping;
            }
            let mut step = gradient.clone();
            cholesky(&mut damped, n).map_err(|_| FitError::Unconverged { iterations: iteration })?;
            cholesky_solve(&damped, n, &mut step);
            let longest = step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
            if longest < SETTLED {
                return finish(observed, distrusted, (scores, at), &matrix, iteration);
            }
            let share = (LONGEST / longest).min(1.0);
            let moved: Vec<f64> = scores.iter().zip(&step).map(|(w, s)| w + share * s).collect();
            // A body that far off may have no rest: a shorter step.
            let trial = predict(&moved).ok().map(|trial| (cost(&trial, &moved), trial));
            match trial.filter(|(lower, _)| *lower < here) {
                Some((lower, trial)) => {
                    let flat = iteration >= PATIENT && here - lower < FLAT;
                    (here, at, scores) = (lower, trial, moved);
                    damping = (damping / MORE).max(1e-9);
                    if share * longest < NEAR || flat {
                        let (matrix, _) = normal(observed, distrusted, &at, &scores);
                        return finish(observed, distrusted, (scores, at), &matrix, iteration);
                    }
                    break;
                }
                None if damping > STUCK => return Err(FitError::Unconverged { iterations: iteration }),
                // At the rounding of the predictions no step is lower.
                None if longest < 1e3 * SETTLED => {
                    return finish(observed, distrusted, (scores, at), &matrix, iteration);
                }
                None => damping *= MORE,
            }
        }
    }
    Err(FitError::Unconverged { iterations: MAX_STEPS })
}

/// `JᵀJ + I`, and the downhill direction `Jᵀ (r − p)/s − w`.
fn normal(
    observed: &[Observed],
    distrusted: &[bool],
    at: &Prediction,
    scores: &[f64],
) -> (Vec<f64>, Vec<f64>) {
    let n = scores.len();
    let mut matrix = vec![0.0; n * n];
    for i in 0..n {
        matrix[i * n + i] = 1.0;
    }
    let mut gradient: Vec<f64> = scores.iter().map(|w| -w).collect();
    for (k, o) in observed.iter().enumerate() {
        if distrusted[k] {
            continue;
        }
        let slopes = &at.slopes[k];
        let (weight, miss) = (1.0 / (o.error * o.error), o.read - at.readings[k]);
        for i in 0..n {
            gradient[i] += weight * slopes[i] * miss;
            for j in 0..n {
                matrix[i * n + j] += weight * slopes[i] * slopes[j];
            }
        }
    }
    (matrix, gradient)
}

fn finish(
    observed: &[Observed],
    distrusted: &[bool],
    (scores, prediction): (Vec<f64>, Prediction),
    matrix: &[f64],
    iterations: usize,
) -> Result<Posterior, FitError> {
    let n = scores.len();
    let mut factor = matrix.to_vec();
    cholesky(&mut factor, n).map_err(|_| FitError::Unconverged { iterations })?;
    let mut covariance = vec![0.0; n * n];
    for (i, column) in covariance.chunks_exact_mut(n).enumerate() {
        column[i] = 1.0;
        cholesky_solve(&factor, n, column);
    }
    let mut found = Posterior {
        scores,
        covariance,
        prediction,
        distrusted: Vec::new(),
        surprise: Vec::new(),
        iterations,
    };
    found.surprise = observed
        .iter()
        .enumerate()
        .map(|(k, o)| {
            let spread = found.variance(&found.prediction.slopes[k]) / (o.error * o.error);
            // What is left out already is surprised by the sum of both errors.
            let by = if distrusted[k] { 1.0 + spread } else { (1.0 - spread).max(1e-9) };
            let others = if distrusted[k] { spread } else { spread / by };
            let prior: f64 =
                found.prediction.slopes[k].iter().map(|s| s * s).sum::<f64>() / (o.error * o.error);
            if others > UNHEARD * prior {
                return 0.0;
            }
            (o.read - found.prediction.readings[k]) / (o.error * libm::sqrt(by))
        })
        .collect();
    Ok(found)
}

/// The deletion residual that one of `readings` clean ones passes in a share [`FALSE_ALARMS`] of batteries.
pub fn bound(readings: usize) -> f64 {
    -normal_quantile(FALSE_ALARMS / (2.0 * readings.max(1) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is distrusted of readings that answer to standard scores in straight lines.
    fn distrusted(read: &[f64], slopes: &[&[f64]], error: f64) -> Vec<bool> {
        let observed: Vec<Observed> = read.iter().map(|&read| Observed { read, error }).collect();
        let predict = |scores: &[f64]| {
            let of = |slopes: &&[f64]| slopes.iter().zip(scores).map(|(s, w)| s * w).sum();
            let readings = slopes.iter().map(of).collect();
            Ok(Prediction { readings, slopes: slopes.iter().map(|s| s.to_vec()).collect() })
        };
        fit(&observed, slopes[0].len(), &predict).unwrap().distrusted
    }

    /// Scores: tissue both sides share, that of the left, of the right, and what the examiner always does in two tests.
    const LEFT: &[f64] = &[8.0, 4.0, 0.0, 3.4, 0.0];
    const RIGHT: &[f64] = &[8.0, 0.0, 4.0, 3.4, 0.0];
    const LEFT_AGAIN: &[f64] = &[8.0, 4.0, 0.0, 0.0, 3.4];

    /// Nothing but the belief contradicts a lone reading.
    #[test]
    fn a_lone_reading_is_believed() {
        assert_eq!(distrusted(&[60.0], &[LEFT], 2.6), [false]);
        assert_eq!(distrusted(&[60.0, 0.0], &[LEFT, &[0.0, 0.0, 0.0, 0.0, 3.4]], 2.6), [false; 2]);
    }

    /// Two sides that differ by more than people's do, while nothing else speaks: one is wrong, and which is not known, unless
    /// the one is usual and the other very rare. Neither order nor sign decides.
    #[test]
    fn word_against_word_leaves_both_out() {
        let both = |left: f64, right: f64| distrusted(&[left, right], &[LEFT, RIGHT], 2.6);
        assert_eq!(both(4.0, -4.0), [false; 2]);
        for (left, right) in [(10.0, -10.0), (-10.0, 10.0), (14.0, -4.0), (-4.0, 14.0)] {
            assert_eq!(both(left, right), [true; 2], "{left} {right}");
        }
        assert_eq!(both(35.0, 0.0), [true, false]);
        assert_eq!(both(0.0, -35.0), [false, true]);
    }

    /// A third reading decides whom to believe.
    #[test]
    fn a_third_reading_decides() {
        let three = |read: [f64; 3]| distrusted(&read, &[LEFT, RIGHT, LEFT_AGAIN], 2.6);
        assert_eq!(three([18.0, -4.0, -4.0]), [true, false, false]);
        assert_eq!(three([10.0, -14.0, 12.0]), [false, true, false]);
    }

    /// What an examiner does alike on both sides is no excuse for a difference between them.
    #[test]
    fn a_habit_makes_sides_comparable() {
        let apart = |left: &[f64], right: &[f64], error: f64| distrusted(&[9.0, -9.0], &[left, right], error);
        assert_eq!(apart(LEFT, RIGHT, 2.6), [true; 2]);
        let alone = [&LEFT[..3], &RIGHT[..3]];
        assert_eq!(apart(alone[0], alone[1], libm::hypot(3.4, 2.6)), [false; 2]);
    }
}
