//! Conditions of `if:NAME:CONDITION` items (Flatpak 1.17 and later).

use serde::Serialize;

use crate::ValueError;

const USB_PORTAL: &str = "has-usb-portal";

/// A condition under which a permission holds.
///
/// Unknown conditions are kept and never hold, negated or not, as in Flatpak.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Condition(String);

impl Condition {
    /// Reads `NAME` or `!NAME`.
    ///
    /// # Errors
    /// An empty condition.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if text.trim_start_matches('!').is_empty() {
            return Err(ValueError::whole(text, "the condition is empty"));
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether the answer depends on the USB portal, for which somebody has to be asked.
    pub(crate) fn asks_usb_portal(&self) -> bool {
        self.0.trim_start_matches('!') == USB_PORTAL
    }

    /// What X11 as a fallback stands under.
    pub(crate) fn without_wayland() -> Self {
        Self("!has-wayland".to_owned())
    }

    /// The condition as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the condition holds in this session.
    #[must_use]
    pub fn holds(&self, facts: &Conditions) -> bool {
        let (name, want) = match self.0.strip_prefix('!') {
            Some(name) => (name, false),
            None => (self.0.as_str(), true),
        };
        let is = match name {
            "true" | "has-input-device" | "has-usb-device" => true,
            "false" => false,
            "has-wayland" => facts.has_wayland,
            USB_PORTAL => match facts.has_usb_portal {
                Some(has) => has,
                None => return false,
            },
            _unknown => return false,
        };
        is == want
    }
}

/// What conditions can ask about the session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Conditions {
    /// a Wayland socket exists in the session, whatever the app may use
    pub has_wayland: bool,
    /// the USB portal answers on the session bus; while that is not known, nothing is granted because of it or for
    /// the lack of it
    pub has_usb_portal: Option<bool>,
}
