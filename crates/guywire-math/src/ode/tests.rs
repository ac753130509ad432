use super::*;

/// A planar two-body orbit of eccentricity 0.6: known period, energy and start.
struct Orbit;

impl Ode for Orbit {
    type Error = ();
    fn rates(&mut self, _: f64, y: &[f64], rates: &mut [f64]) -> Result<(), ()> {
        let cube = (y[0] * y[0] + y[1] * y[1]).powf(1.5);
        rates.copy_from_slice(&[y[2], y[3], -y[0] / cube, -y[1] / cube]);
        Ok(())
    }
}

/// A fast unknown that follows a slow one and drives it: `ż = −λ (z − x) + v`, `ẋ = v`, `v̇ = −4 x + 3 z`, so that
/// `z = x = cos t`. The method is told the rate `told`.
struct Stiff {
    rate: f64,
    told: f64,
}

impl Ode for Stiff {
    type Error = ();
    fn rates(&mut self, _: f64, y: &[f64], rates: &mut [f64]) -> Result<(), ()> {
        rates.copy_from_slice(&[-self.rate * (y[0] - y[1]) + y[2], y[2], -4.0 * y[1] + 3.0 * y[0]]);
        Ok(())
    }
    fn linearize(&mut self, _: f64, _: &[f64], diagonal: &mut [f64]) -> Result<(), ()> {
        diagonal.copy_from_slice(&[-self.told, 0.0, 0.0]);
        Ok(())
    }
    fn couple(&mut self, change: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&[self.told * change[1] + change[2], 0.0, 0.0]);
    }
}

fn settings(method: Method, tolerance: f64) -> OdeSettings {
    OdeSettings { method, tolerance, longest: 1.0, shortest: 1e-12, most_jumps: 0, most_steps: 1_000_000 }
}

fn stiff_error(method: Method, tolerance: f64, rate: f64, told: f64) -> (f64, OdeCount) {
    let mut integrator = Integrator::new(settings(method, tolerance), vec![1.0; 3]);
    // A little off, so that rounding alone does not keep the fast unknown exactly where it is drawn to.
    let (mut state, mut time) = ([1.000_01, 1.0, 0.0], 0.0);
    integrator.advance(&mut Stiff { rate, told }, &mut time, 6.0, &mut state, |_, _| ()).unwrap();
    let error = (state[0] - 6f64.cos()).abs().max((state[1] - 6f64.cos()).abs());
    (error, integrator.count())
}

#[test]
fn an_orbit_comes_back_and_errors_follow_the_tolerance() {
    for (method, last) in [(Method::DormandPrince, 1e-11), (Method::RosenbrockW, 1e-8)] {
        let mut previous = f64::INFINITY;
        for tolerance in [1e-5, 1e-7, last] {
            let mut integrator = Integrator::new(settings(method, tolerance), vec![1.0; 4]);
            let start = [0.4, 0.0, 0.0, 2.0];
            let (mut state, mut time) = (start, 0.0);
            let period = 2.0 * core::f64::consts::PI;
            integrator.advance(&mut Orbit, &mut time, period, &mut state, |_, _| ()).unwrap();
            assert_eq!(time, period);
            let error = state.iter().zip(start).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(error < 0.5 * previous && error < 3e3 * tolerance, "{method:?} {tolerance:e}: {error:e}");
            previous = error;
        }
    }
}

/// Halving the step divides the error by two to the order, whatever Jacobian the method is told.
#[test]
fn methods_have_their_order() {
    for (method, order, told) in
        [(Method::DormandPrince, 5, 0.0), (Method::RosenbrockW, 3, 0.0), (Method::RosenbrockW, 3, 5.0)]
    {
        let error = |steps: usize| {
            let h = 6.0 / steps as f64;
            let loose = OdeSettings { longest: h, shortest: h / 2.0, ..settings(method, 1e3) };
            let mut integrator = Integrator::new(loose, vec![1.0; 3]);
            integrator.step = h;
            let (mut state, mut time) = ([1.0, 1.0, 0.0], 0.0);
            integrator
                .advance(&mut Stiff { rate: 2.0, told }, &mut time, 6.0, &mut state, |_, _| ())
                .unwrap();
            assert_eq!(integrator.count().accepted, steps);
            state[1] - 6f64.cos()
        };
        let (few, many) = if order == 5 { (30, 60) } else { (200, 400) };
        let ratio = (error(few) / error(many)).abs();
        let expected = f64::from(1 << order);
        assert!(ratio > 0.8 * expected && ratio < 1.3 * expected, "{method:?} told {told}: {ratio}");
    }
}

#[test]
fn fast_unknowns_do_not_limit_the_implicit_method() {
    let (error, explicit) = stiff_error(Method::DormandPrince, 1e-6, 3e4, 0.0);
    assert!(error < 1e-4, "{error:e}");
    // Told a rate that is only about right.
    let (error, implicit) = stiff_error(Method::RosenbrockW, 1e-6, 3e4, 3.1e4);
    assert!(error < 1e-4, "{error:e}");
    assert!(20 * implicit.evaluations < explicit.evaluations, "{implicit:?} against {explicit:?}");
}

/// Rates exist only for positive states, and the state grows without bound at t = 1.
struct Explosion;

impl Ode for Explosion {
    type Error = &'static str;
    fn rates(&mut self, _: f64, y: &[f64], rates: &mut [f64]) -> Result<(), &'static str> {
        if y[0] > 1e9 {
            return Err("too far");
        }
        rates[0] = y[0] * y[0];
        Ok(())
    }
}

#[test]
fn what_cannot_go_on_stops_with_its_time() {
    for method in [Method::DormandPrince, Method::RosenbrockW] {
        let mut integrator = Integrator::new(settings(method, 1e-6), vec![1.0]);
        let (mut state, mut time) = ([1.0], 0.0);
        let stopped = integrator.advance(&mut Explosion, &mut time, 2.0, &mut state, |_, _| ());
        assert!(
            stopped.is_err() && (time - 1.0).abs() < 1e-4 && state[0].is_finite(),
            "{stopped:?} at {time}"
        );
    }
}

/// A ball under a weight that is switched: the rate jumps at `t = 0.5`, where no stop tells the integrator.
struct Switched;

impl Ode for Switched {
    type Error = ();
    fn rates(&mut self, t: f64, _: &[f64], rates: &mut [f64]) -> Result<(), ()> {
        rates[0] = if t < 0.5 { 1.0 } else { -1e7 };
        Ok(())
    }
}

#[test]
fn jumps_are_stepped_over_and_counted() {
    for method in [Method::DormandPrince, Method::RosenbrockW] {
        let loose = OdeSettings { most_jumps: 5, shortest: 1e-11, ..settings(method, 1e-9) };
        let mut integrator = Integrator::new(loose, vec![1.0]);
        let (mut state, mut time) = ([0.0], 0.0);
        integrator.advance(&mut Switched, &mut time, 1.0, &mut state, |_, _| ()).unwrap();
        assert!((state[0] - (0.5 - 5e6)).abs() < 1e-3, "{}", state[0]);
        assert!((1..=5).contains(&integrator.count().jumps), "{:?}", integrator.count());
        let strict = OdeSettings { most_jumps: 0, ..loose };
        let mut integrator = Integrator::new(strict, vec![1.0]);
        let (mut state, mut time) = ([0.0], 0.0);
        assert!(integrator.advance(&mut Switched, &mut time, 1.0, &mut state, |_, _| ()).is_err());
    }
}
