//! Forces of muscles and actuators from states, where no file of forces is given.

use crate::analyze::{self, AnalyzeSettings, Given};
use crate::{Motion, ToolError};
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::table::Table;

/// What muscles and actuators make by a table of states (activations, fibre lengths) and by their controls, if the states
/// say how active any of them is: OpenSim's joint reactions without a file of forces are under these. With `equilibrium`
/// fibres are in equilibrium whatever the states say of them.
///
/// # Errors
/// When a muscle has no state, or no frame lies in the window.
pub fn forces_of_states(
    model: &Description,
    built: &Built,
    motion: &Motion,
    given: &Given<'_>,
    window: [f64; 2],
    equilibrium: bool,
) -> Result<Option<Table>, ToolError> {
    let activation = |states: &Table| states.columns.iter().any(|c| c.name.ends_with("activation"));
    if !given.states.is_some_and(activation) {
        return Ok(None);
    }
    let reporter = analyze::Analysis::ForceReporter { name: String::new() };
    let analyses = vec![reporter.into()];
    let settings = AnalyzeSettings { window, equilibrium, analyses, ..AnalyzeSettings::default() };
    // Loads are not controls: the reactions have them from elsewhere.
    let given = Given { loads: None, ..*given };
    let found = analyze::run(model, built, motion, &given, &settings, &|_, _| {})?;
    Ok(found.tables.into_iter().next().map(|named| named.table))
}
