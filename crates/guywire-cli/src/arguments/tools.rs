//! The verbs that put whole motions through an OpenSim model.

use clap::{Subcommand, ValueHint};
use std::path::PathBuf;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum ToolCommand {
    /// What of an OpenSim model is used, approximated or refused, line by line
    #[command(after_help = IMPORT_EXAMPLES)]
    Import {
        /// Model (.osim, any version that OpenSim 4.6 reads)
        #[arg(value_hint = ValueHint::FilePath)]
        model: PathBuf,
        /// List every element, not only what is approximated or refused
        #[arg(long)]
        all: bool,
        /// Go on without forces that are not understood; they are listed as refused
        #[arg(long)]
        allow_missing: bool,
        /// Write the model again, upgraded to document version 40600
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: Option<PathBuf>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

const IMPORT_EXAMPLES: &str = "\
Examples:
  guywire import my-model.osim
      what of it is approximated or refused, and why
  guywire import old-model.osim -o new-model.osim
      the same model in today's format";
