//! A file system without room for a container's state: refused, and nothing is left behind; what is there can be removed.

use std::process::{Command, Stdio};

use flatrack_testbed::needs;

use crate::bundle::Bundle;
use crate::runtime::{binary, finish};

/// With ever more pages of room on the state's file system: either a container is made, or nothing of it is there afterwards.
const SCRIPT: &str = r#"
runtime="$1 --root $2/state" bundle=$3 id=$4
mkdir $2/state && mount -t tmpfs -o size=96k tmpfs $2/state || exit 90
full() { [ $((96 - $1 * 4)) -le 0 ] || head -c $(((96 - $1 * 4) * 1024)) /dev/zero >$2/state/.room 2>/dev/null; }
left() { ls -d /sys/fs/cgroup/$id /sys/fs/cgroup/*/$id 2>/dev/null; ls $runtime_state 2>/dev/null; }
runtime_state=$2/state
refused=0 made=0 pages=0
while [ $pages -le 16 ]; do
    full $pages $2
    if $runtime create --bundle $bundle $id 2>$2/said </dev/null >/dev/null; then
        made=$((made + 1))
        # no room to write anything down
        head -c 100000 /dev/zero >$2/state/.more 2>/dev/null
        $runtime delete --force $id || { echo "not removed with $pages pages"; exit 91; }
    else
        refused=$((refused + 1))
        grep -q 'No space\|space left' $2/said || { echo "$pages pages: $(cat $2/said)"; exit 92; }
    fi
    rm -f $2/state/.room $2/state/.more
    [ -z "$(left)" ] || { echo "$pages pages leave: $(left)"; exit 93; }
    pages=$((pages + 1))
done
[ $refused -gt 0 ] && [ $made -gt 0 ] && echo "both happened"
"#;

#[test]
fn privileged_without_room_for_its_state_a_container_is_refused_and_gone() {
    needs!(Root);
    let bundle = Bundle::new("sleep 100");
    bundle.write();
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new("unshare");
    command
        .args([
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            SCRIPT,
            "sh",
        ])
        .arg(binary())
        .arg(dir.path())
        .arg(bundle.path())
        .arg(&bundle.id)
        .stdin(Stdio::null());
    let said = finish(&mut command);
    assert_eq!(said.assert_success(), "both happened", "{}", said.stderr);
}
