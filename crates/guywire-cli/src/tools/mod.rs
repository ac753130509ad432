//! The verbs that put whole motions through an OpenSim model: reads the files, calls the library, writes tables.

mod files;
mod import;

use crate::arguments::tools::ToolCommand;
use crate::failure::Failure;
use std::io::Write;

/// Runs a verb.
pub fn run(command: ToolCommand, out: &mut dyn Write) -> Result<(), Failure> {
    match command {
        ToolCommand::Import { model, all, allow_missing, output, json } => {
            import::run(&model, import::Wanted { all, allow_missing, json }, output.as_deref(), out)
        }
    }
}
