//! Prints everything that a program in a sandbox can see, as one flat JSON object: a field for each fact.
//!
//! Fields are `TOPIC SUBJECT`, such as `mount /usr` or `syscall ptrace`. The probe changes nothing: every file that
//! it manages to create it removes again, and no system call gets arguments that could work.
//!
//! Arguments: the name of an abstract socket of the host that it tries to reach, and names on buses that it tries to call
//! and to own.

mod bus;
mod calls;
mod dump;
mod files;
mod kernel;
mod network;
mod process;

use dump::Dump;

fn main() {
    let mut dump = Dump::default();
    process::look(&mut dump);
    files::look(&mut dump);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [abstract_name, names @ ..] = arguments.as_slice() {
        network::look(&mut dump, abstract_name);
        bus::look(&mut dump, names);
    }
    // last: an `unshare` that nobody refuses changes who we are
    kernel::look(&mut dump);
    println!("{}", dump.to_json());
}
