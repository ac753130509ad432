//! Controllers whose signals are known in advance.

use super::Reader;
use super::element::Element;
use super::error::ReadError;
use super::functions::is_function_set;
use crate::description::{Controller, Function};
use crate::report::Fate;

fn is_controller(class: &str) -> bool {
    class.ends_with("Controller")
}

impl Reader<'_> {
    pub(super) fn read_controllers(&self) -> Result<Vec<Controller>, ReadError> {
        let mut controllers = Vec::new();
        for element in self.members("ControllerSet", is_controller) {
            let file = element.text("controls_file").filter(|file| !file.eq_ignore_ascii_case("unassigned"));
            match element.class() {
                "PrescribedController" => {}
                "ControlSetController" if file.is_some() => {}
                _ => {
                    let reason = "only prescribed controls are read; no tool uses this controller";
                    self.remark(element.node, Fate::Approximated(reason.to_owned()));
                    continue;
                }
            }
            let degree = element.integer("interpolation_method", 1)?;
            let interpolation_degree = match usize::try_from(degree) {
                Ok(degree @ (0 | 1 | 3 | 5 | 7)) => degree,
                _ => {
                    return Err(element.value_error(
                        "interpolation_method",
                        element.text("interpolation_method").unwrap_or_default(),
                        "0, 1, 3, 5 or 7",
                    ));
                }
            };
            let functions = element.control_functions()?;
            let mut actuators = element.words("socket_actuators");
            // Those of a control set are named in its file.
            if element.class() == "ControlSetController" {
                actuators.clear();
            }
            if actuators.len() != functions.len() {
                let (found, expected) = (functions.len(), actuators.len());
                return Err(element.rule(format!("{found} control functions for {expected} actuators")));
            }
            let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
            controllers.push(Controller {
                node: element.node,
                name: element.name().to_owned(),
                enabled: element.flag("enabled", true)?,
                controls: actuators.into_iter().map(name).zip(functions).collect(),
                controls_file: file.map(str::to_owned),
                interpolation_degree,
            });
        }
        Ok(controllers)
    }
}

impl Element<'_, '_> {
    fn control_functions(&self) -> Result<Vec<Function>, ReadError> {
        let Some(set) = self.object("ControlFunctions", is_function_set) else {
            return Ok(Vec::new());
        };
        set.objects_inside().map(|function| function.as_function()).collect()
    }
}
