use guywire::body::{Body, ReferenceBody};
use guywire::case::*;
use guywire::posture::{Positions, settle};
use guywire::results::*;
fn group(p: &Posture, g: &[&str], f: impl Fn(&MuscleState) -> f64) -> f64 {
    p.muscles
        .iter()
        .filter(|m| g.contains(&m.group.as_str()) || g.contains(&m.anatomical.as_str()))
        .map(f)
        .sum()
}
fn line(label: &str, body: &Body, positions: &Positions, name: &str, verbose: bool) -> Option<Solved> {
    let t = std::time::Instant::now();
    match settle(body, positions, name, None) {
        Err(e) => {
            println!("{label:18} {name:20} ERROR {e}");
            None
        }
        Ok(s) => {
            let ms = t.elapsed().as_secs_f64() * 1e3;
            let d = s.describe(body, ms).unwrap();
            let (p, m) = (&d.posture, &d.posture.measures);
            let es = [
                "iliocostalis_lumborum_pars_lumborum",
                "iliocostalis_lumborum_pars_thoracis",
                "longissimus_thoracis_pars_thoracis",
                "longissimus_thoracis_pars_lumborum",
            ];
            let act = |g: &[&str]| group(p, g, |m| m.force_n - m.passive_force_n);
            let pas = |g: &[&str]| group(p, g, |m| m.passive_force_n);
            let l5 = &p.discs[5];
            let l4 = &p.discs[4];
            println!(
                "{label:18} {name:20} {ms:4.0}ms it{:3} V{:7.3} kkt{:.0e} | tilt {:5.1} SS {:5.1} PT {:5.1} LL {:5.1} flex {:5.1} thor {:5.1} hip {:5.1} rot {:5.1} add {:4.1} knee {:4.1} gl {:4.0} | L45 C{:5.0} p{:.2} a{:.2} b{:.2} M{:5.1} L5S1 C{:5.0} S{:5.0} a{:.2} | hip {:.2} {:.2}BW | ES {:4.0}/{:4.0} MF {:4.0}/{:3.0} AB {:4.0}/{:3.0} PS {:4.0}/{:3.0} IL {:4.0}/{:3.0} HAM {:4.0}/{:4.0} GM {:4.0}/{:4.0}",
                p.certificate.iterations,
                s.solution.cost,
                p.certificate.kkt_residual,
                m.pelvic_tilt_deg,
                m.sacral_slope_deg,
                m.spinopelvic_tilt_deg,
                m.lumbar_lordosis_deg,
                m.lumbar_flexion_deg,
                m.thorax_inclination_deg,
                m.hip_flexion_right_deg,
                m.femoral_rotation_right_deg,
                m.hip_adduction_right_deg,
                m.knee_flexion_right_deg,
                m.gravity_line_mm,
                l4.compression_n,
                l4.pressure_mpa,
                l4.anterior_stress_mpa,
                l4.posterior_stress_mpa,
                l4.flexion_moment_nm,
                l5.compression_n,
                l5.anterior_shear_n,
                l5.anterior_stress_mpa,
                p.hips[0].contact_force_bw,
                p.hips[1].contact_force_bw,
                act(&es),
                pas(&es),
                act(&["multifidus"]),
                pas(&["multifidus"]),
                act(&["abdominals"]),
                pas(&["abdominals"]),
                act(&["psoas"]),
                pas(&["psoas"]),
                act(&["iliacus"]),
                pas(&["iliacus"]),
                act(&["hamstrings"]),
                pas(&["hamstrings"]),
                act(&["gluteus_maximus"]),
                pas(&["gluteus_maximus"])
            );
            if verbose {
                let mut v: Vec<_> = p.muscles.iter().zip(&body.system.muscles).collect();
                v.sort_by(|a, b| (b.0.force_n).total_cmp(&a.0.force_n));
                for (m, _) in v.iter().take(24) {
                    println!(
                        "      {:28} {:5} {:7.1} N passive {:7.1} a {:.3} l {:.2}",
                        m.anatomical,
                        m.side.name(),
                        m.force_n,
                        m.passive_force_n,
                        m.activation,
                        m.normalized_fiber_length
                    );
                }
                for s in &p.supports {
                    println!("      {} {:.1} N {:.2}", s.support, s.normal_force_n, s.share_of_weight);
                }
                for c in l4.contributions.iter().take(10) {
                    println!("      L4/5 {} {:.0}", c.source, c.compression_n);
                }
                println!("      {:?}", m);
            }
            Some(d)
        }
    }
}
fn set(target: &str, side: Option<Side>, property: Property, value: f64) -> Setting {
    let target = match target {
        "hip" => Target::Hip,
        "lumbar" => Target::Lumbar,
        t => Target::Group(t.into()),
    };
    Setting { target, side, property, value }
}
fn main() {
    let reference = ReferenceBody::adult().unwrap();
    let positions = Positions::read().unwrap();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let verbose = args.iter().any(|a| a == "-v");
    let only: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    let person = Person {
        name: String::new(),
        age: 35.0,
        sex: Sex::Male,
        height_cm: 170.0,
        mass_kg: 79.48,
        pelvic_incidence_deg: None,
        segments: Default::default(),
    };
    let with = |settings: Vec<Setting>| {
        reference.scaled_to(&person, &Tissue { settings, reciprocal_inhibition: 0.0 }).unwrap()
    };
    let body = with(vec![]);
    if args.iter().any(|a| a == "-s") {
        let get = |b: &Body, n: &str| {
            settle(b, &positions, n, None).ok().map(|s| s.describe(b, 0.0).unwrap().posture)
        };
        let m = |p: &Option<Posture>, f: &dyn Fn(&Posture) -> f64| p.as_ref().map_or(f64::NAN, |p| f(p));
        let st = get(&body, "standing");
        let ll = |p: &Posture| p.measures.lumbar_lordosis_deg;
        let fl = |p: &Posture| p.measures.lumbar_flexion_deg;
        let pr = |p: &Posture| p.discs[4].pressure_mpa;
        let es = [
            "iliocostalis_lumborum_pars_lumborum",
            "iliocostalis_lumborum_pars_thoracis",
            "longissimus_thoracis_pars_thoracis",
            "longissimus_thoracis_pars_lumborum",
        ];
        let esa = |p: &Posture| group(p, &es, |m| m.force_n - m.passive_force_n);
        let p0 = m(&st, &pr);
        print!(
            "stand SS {:.1} LL {:.1} p {:.2} |",
            m(&st, &|p| p.measures.sacral_slope_deg),
            m(&st, &ll),
            p0
        );
        let si = get(&body, "sitting_relaxed");
        let su = get(&body, "sitting_upright");
        let sb = get(&body, "sitting_backrest");
        let sp = get(&body, "supine");
        let ho = get(&body, "hold_20kg_close");
        print!(
            " sit dLL {:.1} SS {:.1} thor {:.1} | p: sit {:.2} up {:.2} back {:.2} sup {:.2} hold {:.2}",
            m(&st, &ll) - m(&si, &ll),
            m(&si, &|p| p.measures.sacral_slope_deg),
            m(&si, &|p| p.measures.thorax_inclination_deg),
            m(&si, &pr) / p0,
            m(&su, &pr) / p0,
            m(&sb, &pr) / p0,
            m(&sp, &pr) / p0,
            m(&ho, &pr) / p0
        );
        let b: Vec<_> = ["bend_30", "bend_60", "bend_90"].iter().map(|n| get(&body, n)).collect();
        let f: Vec<f64> = std::iter::once(m(&st, &fl)).chain(b.iter().map(|p| m(p, &fl))).collect();
        print!(
            " lift {:.2} {:.2} | bends flex {:.1} {:.1} {:.1} ratio {:.1} {:.1} {:.2} ES {:.0} {:.0} {:.0} p60 {:.2} |",
            m(&get(&body, "lift_20kg_bent_back"), &pr) / p0,
            m(&get(&body, "lift_20kg_bent_knees"), &pr) / p0,
            f[1],
            f[2],
            f[3],
            (f[1] - f[0]) / (30.0 - f[1] + f[0]),
            (f[2] - f[1]) / (30.0 - f[2] + f[1]),
            (f[3] - f[2]) / (30.0 - f[3] + f[2]),
            m(&b[0], &esa),
            m(&b[1], &esa),
            m(&b[2], &esa),
            m(&b[1], &pr) / p0
        );
        let ham = with(vec![set("hamstrings", None, Property::Length, 0.9)]);
        for (n, b) in ["bend_30", "bend_60", "bend_90"].iter().zip(&b) {
            let h = get(&ham, n);
            print!(
                " {:+.1} a {:+.3} {:+.3}",
                m(&h, &fl) - m(b, &fl),
                m(&h, &|p| p.discs[4].anterior_stress_mpa) - m(b, &|p| p.discs[4].anterior_stress_mpa),
                m(&h, &|p| p.discs[5].anterior_stress_mpa) - m(b, &|p| p.discs[5].anterior_stress_mpa)
            );
        }
        let t = with(vec![set("hip", None, Property::ExtensionRangeDeg, -2.6)]);
        let t = get(&t, "standing");
        let hf = |p: &Posture| group(p, &["hamstrings"], |m| m.force_n);
        println!(
            " | hip tilt {:+.2} ham {:.1}->{:.1}",
            m(&t, &|p| p.measures.pelvic_tilt_deg) - m(&st, &|p| p.measures.pelvic_tilt_deg),
            m(&st, &hf),
            m(&t, &hf)
        );
        return;
    }
    for p in positions.all() {
        if (only.is_empty() && !args.iter().any(|a| a == "-x")) || only.contains(&&p.name) {
            line("", &body, &positions, &p.name, verbose);
        }
    }
    if args.iter().any(|a| a == "-x") {
        line("", &body, &positions, "standing", false);
        line(
            "hip -2.6",
            &with(vec![set("hip", None, Property::ExtensionRangeDeg, -2.6)]),
            &positions,
            "standing",
            false,
        );
        line(
            "psoas,il -1%",
            &with(vec![
                set("hip", None, Property::ExtensionRangeDeg, -2.6),
                set("hip_flexors", None, Property::Length, 0.988),
            ]),
            &positions,
            "standing",
            false,
        );
        for f in [0.95, 0.9, 0.8] {
            line(
                &format!("flexors {f}"),
                &with(vec![set("hip_flexors", None, Property::Length, f)]),
                &positions,
                "standing",
                false,
            );
        }
        for n in ["standing", "bend_30", "bend_60", "bend_90"] {
            line("", &body, &positions, n, false);
            line(
                "hams 0.9",
                &with(vec![set("hamstrings", None, Property::Length, 0.9)]),
                &positions,
                n,
                false,
            );
        }
    }
}
