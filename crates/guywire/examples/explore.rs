use guywire::body::ReferenceBody;
use guywire::posture::Positions;
use guywire_engine::equilibrium::Equilibrium;
fn main() {
    let body = ReferenceBody::adult().unwrap().unscaled().unwrap();
    let positions = Positions::read().unwrap();
    let only: Vec<String> = std::env::args().skip(1).collect();
    for p in positions.all() {
        if !only.is_empty() && !only.contains(&p.name) { continue; }
        let task = positions.task(p, &body).unwrap();
        let mut e = Equilibrium::new(&body.system, body.settings.clone());
        let t = std::time::Instant::now();
        match e.solve(&task) {
            Ok(s) => {
                let ms = t.elapsed().as_secs_f64()*1e3;
                let t = std::time::Instant::now();
                let again = e.solve_from(&task, &s).map(|s| s.iterations);
                let ms2 = t.elapsed().as_secs_f64()*1e3;
                println!("{:22} {:6.1} ms it {:3} cost {:8.4} kkt {:.1e} res {:.1e} {:.1e} | C {:?} | again {:?} {:.1} ms", p.name, ms, s.iterations, s.cost, s.kkt_residual, s.residual_moment, s.residual_force, s.compression.iter().map(|c| c.round()).collect::<Vec<_>>(), again, ms2);
                let m = &body.system.model;
                let show = |n: &str| m.degree(n).map(|i| s.q[i].to_degrees()).unwrap_or(f64::NAN);
                println!("     tilt {:.1} hip {:.1} {:.1} knee {:.1} {:.1} ankle {:.1} rot {:.1} sub {:.1} FE {:?}", show("pelvis_tilt"), show("hip_flexion_r"), show("hip_flexion_l"), show("knee_angle_r"), show("knee_angle_l"), show("ankle_angle_r"), show("hip_rotation_r"), show("subtalar_angle_r"), ["L5_S1_FE","L4_L5_FE","L3_L4_FE","L2_L3_FE","L1_L2_FE","T12_L1_FE"].iter().map(|n| (show(n)*10.0).round()/10.0).collect::<Vec<_>>());
            }
            Err(e) => println!("{:22} {:6.1} ms ERROR {e}", p.name, t.elapsed().as_secs_f64()*1e3),
        }
    }
}
