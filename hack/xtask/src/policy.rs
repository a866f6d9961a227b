//! Policy files carry their reasons: each rule in `configs` has a `why`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Result;
use crate::workspace::files;

/// Every rule without a reason. A rule is a table in a list; what is inside a rule belongs to it.
pub(crate) fn check(dir: &Path) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for file in files(dir, &["json", "toml"])? {
        let text = fs::read_to_string(&file)?;
        let name = file
            .strip_prefix(dir.parent().unwrap_or(dir))?
            .display()
            .to_string();
        let parsed: std::result::Result<Value, String> = if name.ends_with(".json") {
            serde_json::from_str(&text).map_err(|error| error.to_string())
        } else {
            toml::from_str(&text).map_err(|error| error.to_string())
        };
        match parsed {
            Ok(value) => unexplained(&value, &name, &mut wrong),
            Err(error) => wrong.push(format!("{name}: {}", error.trim())),
        }
    }
    Ok(wrong)
}

fn unexplained(value: &Value, place: &str, wrong: &mut Vec<String>) {
    match value {
        Value::Object(table) => {
            for (key, inner) in table {
                unexplained(inner, &format!("{place}: {key}"), wrong);
            }
        }
        Value::Array(list) => {
            for (index, rule) in list.iter().enumerate().filter(|(_, rule)| rule.is_object()) {
                let why = rule.get("why").and_then(Value::as_str).unwrap_or_default();
                if why.trim().is_empty() {
                    wrong.push(format!("{place}[{index}] has no `why`"));
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::unexplained;

    #[test]
    fn a_rule_without_a_reason_is_named_by_its_place() {
        let mut wrong = Vec::new();
        let file = serde_json::json!({
            "rules": [
                { "call": "a", "args": [{ "index": 0 }], "why": "it is dangerous" },
                { "call": "b", "why": " " },
                { "call": "c" },
            ],
            "families": { "allowed": [{ "family": 1 }] },
            "names": ["x", "y"],
        });
        unexplained(&file, "f", &mut wrong);
        wrong.sort();
        let expected = [
            "f: families: allowed[0] has no `why`",
            "f: rules[1] has no `why`",
            "f: rules[2] has no `why`",
        ];
        assert_eq!(wrong, expected);
    }
}
