//! Disc loads of every level in every position, as small tables shaded by size.

use super::{largest, share};
use crate::words;
use guywire::results::{DiscLoad, PositionResult};
use maud::{Markup, html};

/// One quantity of the discs.
struct Quantity {
    title: &'static str,
    says: &'static str,
    unit: &'static str,
    /// Field of a disc.
    field: &'static str,
    of: fn(&DiscLoad) -> f64,
}

const QUANTITIES: [Quantity; 5] = [
    Quantity {
        title: "Pressed together (compression)",
        says: "the force that presses the two vertebrae together",
        unit: "N",
        field: "compression_n",
        of: |d| d.compression_n,
    },
    Quantity {
        title: "Pressure inside the disc (nucleus pressure)",
        says: "what a needle in the middle of the disc would measure",
        unit: "MPa",
        field: "pressure_mpa",
        of: |d| d.pressure_mpa,
    },
    Quantity {
        title: "Pushed forward (anterior shear)",
        says: "the force that slides the upper vertebra forward; negative is backward",
        unit: "N",
        field: "anterior_shear_n",
        of: |d| d.anterior_shear_n,
    },
    Quantity {
        title: "Front of the disc's ring (anterior annulus stress)",
        says: "how hard the front rim is squeezed; negative is stretched",
        unit: "MPa",
        field: "anterior_stress_mpa",
        of: |d| d.anterior_stress_mpa,
    },
    Quantity {
        title: "Back of the disc's ring (posterior annulus stress)",
        says: "how hard the rear rim is squeezed; negative is stretched",
        unit: "MPa",
        field: "posterior_stress_mpa",
        of: |d| d.posterior_stress_mpa,
    },
];

/// Steps of shading.
const SHADES: f64 = 7.0;

/// One shaded table per quantity: a row a position, a column a level.
pub(crate) fn tables(positions: &[PositionResult]) -> Markup {
    let mut levels: Vec<&str> = Vec::new();
    for disc in positions.iter().flat_map(|p| &p.person.posture.discs) {
        if !levels.contains(&disc.level.as_str()) {
            levels.push(&disc.level);
        }
    }
    html! {
        div class="multiples" {
            @for q in QUANTITIES.iter().filter(|q| told(q, positions)) {
                (table(q, positions, &levels))
            }
        }
    }
}

/// Whether any disc has the quantity: stress needs a cross-section, which not every model has.
fn told(q: &Quantity, positions: &[PositionResult]) -> bool {
    positions.iter().flat_map(|p| &p.person.posture.discs).any(|d| (q.of)(d).is_finite())
}

fn table(q: &Quantity, positions: &[PositionResult], levels: &[&str]) -> Markup {
    let all = positions.iter().flat_map(|p| &p.person.posture.discs).map(|d| (q.of)(d).abs());
    let top = largest(all, 1e-9);
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(q.title) {
            table class="heat" {
                caption { strong { (q.title) } ", " (words::suffix(q.unit).trim()) ": " (q.says) }
                thead {
                    tr {
                        td {}
                        @for level in levels { th scope="col" { (level) } }
                    }
                }
                tbody {
                    @for p in positions {
                        tr {
                            th scope="row" { (p.title) }
                            @for level in levels {
                                @match p.person.posture.discs.iter().find(|d| d.level == *level) {
                                    Some(d) => {
                                        @let value = (q.of)(d);
                                        @let shade = (share(value.abs(), top) * (SHADES - 0.01)) as usize;
                                        @let name = format!("discs.{level}.{}", q.field);
                                        td class=(format!("n h{shade}")) {
                                            (words::plain(value, q.unit))
                                            @if let Some(range) = p.spread.as_ref().and_then(|s| s.of(&name)) {
                                                br; small { (words::between(range, q.unit)) }
                                            }
                                        }
                                    }
                                    None => { td class="n" { "–" } },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
