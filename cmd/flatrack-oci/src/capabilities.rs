//! Names of capabilities.

use serde_json::Value;

/// All that Linux 6.12 has.
pub(crate) const CAPABILITIES: &[&str] = &[
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
];

/// Takes names that nobody knows out of the sets of a `process`, and returns them. Engines ask for those of later kernels; what nobody gives
/// leaves the program with less, not with more.
pub(crate) fn leave_out_unknown(process: &mut Value) -> Vec<String> {
    let mut unknown = Vec::new();
    let sets = process.pointer_mut("/capabilities");
    for set in sets
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|sets| sets.values_mut())
        .filter_map(Value::as_array_mut)
    {
        set.retain(|name| {
            // what is no text is for the document's reader to refuse
            let Some(name) = name.as_str() else {
                return true;
            };
            let known = is_known(name);
            if !known && !unknown.iter().any(|one| one == name) {
                unknown.push(name.to_owned());
            }
            known
        });
    }
    unknown
}

/// Whether Linux has it, with or without `CAP_`.
pub(crate) fn is_known(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let short = upper.strip_prefix("CAP_").unwrap_or(&upper);
    CAPABILITIES.iter().any(|known| known[4..] == *short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_nobody_knows_is_left_out_and_told() {
        let mut process = json!({"capabilities": {"bounding": ["CAP_KILL", "CAP_NEW"], "effective": ["CAP_NEW", "KILL"]}, "args": []});
        assert_eq!(leave_out_unknown(&mut process), ["CAP_NEW"]);
        assert_eq!(
            process["capabilities"],
            json!({"bounding": ["CAP_KILL"], "effective": ["KILL"]})
        );
        assert!(leave_out_unknown(&mut json!({})).is_empty());
    }
}
