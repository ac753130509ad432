use guywire::body::*;
use guywire::case::*;
use guywire::posture::*;
use guywire_engine::equilibrium::Equilibrium;
fn main() {
    let r = ReferenceBody::adult().unwrap();
    let pos = Positions::read().unwrap();
    for pi in [40., 45., 50., 53., 56., 59., 62., 65., 70.] {
        let p = Person {
            name: "".into(),
            age: 30.,
            sex: Sex::Male,
            height_cm: 170.,
            mass_kg: 79.48,
            pelvic_incidence_deg: Some(pi),
            segments: Default::default(),
        };
        let b = r.scaled_to(&p, &Tissue::default()).unwrap();
        for name in ["standing"] {
            let s = settle(&b, &pos, name, None).unwrap();
            let d = s.describe(&b, 0.).unwrap().posture;
            let m = &d.measures;
            println!(
                "{pi} {name} PI {:.2} SS {:.2} PT {:.2} LL {:.2} tilt {:.2} flex {:.2} thorax {:.2} cost {:.3}",
                m.pelvic_incidence_deg,
                m.sacral_slope_deg,
                m.spinopelvic_tilt_deg,
                m.lumbar_lordosis_deg,
                m.pelvic_tilt_deg,
                m.lumbar_flexion_deg,
                m.thorax_inclination_deg,
                s.solution.cost
            );
            println!("   neutral {:?}", b.neutral.map(|x| (x.to_degrees() * 100.).round() / 100.));
        }
    }
    let b = r.unscaled().unwrap();
    let st = settle(&b, &pos, "standing", None).unwrap();
    let cold = settle(&b, &pos, "bend_30", None).unwrap();
    let mut e = Equilibrium::new(&b.system, b.settings.clone());
    let w = e.solve_from(&cold.task, &st.solution).unwrap();
    let again = e.solve_from(&cold.task, &w).unwrap();
    println!(
        "cost cold {:.9} warm {:.9} again {:.9} it {}",
        cold.solution.cost, w.cost, again.cost, again.iterations
    );
    for i in 0..w.q.len() {
        let d = (w.q[i] - cold.solution.q[i]).to_degrees();
        if d.abs() > 0.01 {
            println!("{} {:.3}", b.system.model.degree_coordinate(i).name, d)
        }
    }
    println!("{:?}\n{:?}", w.compression, cold.solution.compression);
    for m in 0..w.activation.len() {
        let d = w.activation[m] - cold.solution.activation[m];
        if d.abs() > 1e-3 {
            println!(
                "{} {:.4} {:.4} l {:.3} {:.3}",
                b.system.muscles[m].name,
                w.activation[m],
                cold.solution.activation[m],
                w.norm_fiber_length[m],
                cold.solution.norm_fiber_length[m]
            )
        }
    }
    // along the segment
    for k in -2..=12 {
        let t = k as f64 / 10.;
        let q: Vec<f64> = w.q.iter().zip(&cold.solution.q).map(|(a, b)| a + t * (b - a)).collect();
        let mut task = cold.task.clone();
        task.conditions = (0..q.len())
            .map(|i| guywire_engine::task::Condition::Degree { degree: i, value: q[i] })
            .collect();
        for c in &mut task.contacts {
            c.touching = false
        }
        task.start = q;
        match e.solve(&task) {
            Ok(s) => println!("{t} {:.9}", s.cost),
            Err(x) => println!("{t} {x}"),
        }
    }
}
