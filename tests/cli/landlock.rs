//! The rules for files that every app is under besides its mounts.

use std::fs::{self, File};

use flatrack_testbed::{Testbed, User, needs};

const ID: &str = "org.flatrack.Test.Landlock";

/// What a shell line says in an app, with something as standard input.
#[track_caller]
fn inside(bed: &Testbed, input: File, line: &str) -> String {
    let app = bed.host_build_dir(ID).script(line).write();
    let mut command = bed.flatrack_command(["run".as_ref(), app.as_os_str()]);
    let said: flatrack_testbed::Outcome = command.stdin(input).output().unwrap().into();
    said.assert_success().to_owned()
}

#[test]
fn a_directory_that_the_caller_left_open_leads_nowhere() {
    needs!(Landlock, UserNamespaces);
    for user in [User::current(), User::ordinary()] {
        let bed = Testbed::of(user);
        bed.write("home/secret", "treasure");
        let line = "cat /proc/self/fd/0/secret 2>/dev/null || echo shut";
        let open = || File::open(bed.home()).unwrap();
        assert_eq!(inside(&bed, open(), line), "shut", "as {}", user.uid);
    }
}

#[test]
fn files_that_the_caller_redirected_can_be_opened_again() {
    needs!(Landlock, UserNamespaces);
    for user in [User::current(), User::ordinary()] {
        let bed = Testbed::of(user);
        let input = bed.write("home/input", "given");
        let output = bed.write("home/output", "");
        let app = bed
            .host_build_dir(ID)
            .script("cat /dev/stdin >>/dev/stdout; echo . >>/dev/stdout")
            .write();
        let mut command = bed.flatrack_command(["run".as_ref(), app.as_os_str()]);
        command
            .stdin(File::open(input).unwrap())
            .stdout(File::options().append(true).open(&output).unwrap());
        let said: flatrack_testbed::Outcome = command.output().unwrap().into();
        said.assert_success();
        assert_eq!(
            fs::read_to_string(output).unwrap(),
            "given.\n",
            "as {}",
            user.uid
        );
    }
}

#[test]
fn what_an_app_does_under_flatpak_it_does_here() {
    needs!(Landlock, UserNamespaces);
    let line = "set -e; mkdir -p ~/a ~/b; echo x >~/a/f; mv ~/a/f ~/b/; ln ~/b/f ~/a/g; rm -r ~/a; \
        for d in /tmp /var/tmp /var/cache /run /var /dev/shm $XDG_RUNTIME_DIR $XDG_DATA_HOME; do \
            mkfifo $d/flatrack-p; rm $d/flatrack-p; ln -s x $d/flatrack-l; rm $d/flatrack-l; done; \
        cp /bin/sh /tmp/flatrack-sh; /tmp/flatrack-sh -c 'rm /tmp/flatrack-sh'; echo named >/proc/self/comm; \
        head -c1 /dev/urandom >/dev/null; ls / /etc /dev /proc /sys/class >/dev/null; echo done";
    for user in [User::current(), User::ordinary()] {
        let bed = Testbed::of(user);
        assert_eq!(
            inside(&bed, File::open("/dev/null").unwrap(), line),
            "done",
            "as {}",
            user.uid
        );
    }
}

#[test]
fn the_top_of_the_file_system_and_its_settings_stay_as_they_are() {
    needs!(Landlock, UserNamespaces);
    let line = "for d in / /etc /dev /sys /app; do (: >$d/flatrack-x) 2>/dev/null && echo $d; done; echo done";
    for user in [User::current(), User::ordinary()] {
        let bed = Testbed::of(user);
        assert_eq!(
            inside(&bed, File::open("/dev/null").unwrap(), line),
            "done",
            "as {}",
            user.uid
        );
    }
}

#[test]
fn a_path_is_narrowed_within_what_is_shown() {
    needs!(UserNamespaces);
    for user in [User::current(), User::ordinary()] {
        let bed = Testbed::of(user);
        let files = [
            "docs/open",
            "docs/fixed/file",
            "docs/secret/file",
            "docs/one",
        ];
        let docs = bed.home().join("docs").display().to_string();
        let script = format!(
            "cd {docs}; for f in open fixed/file secret/file one; do echo $f $(head -c1 $f 2>/dev/null) \\
             $( (echo y >>$f) 2>/dev/null && echo written); done; mv secret free 2>/dev/null && echo moved; echo done"
        );
        let seen = |lines: &str| {
            files
                .iter()
                .for_each(|file| drop(bed.write(format!("home/{file}"), "x")));
            let app = bed.host_build_dir(ID).lines(lines).script(&script).write();
            let args = [
                "run".to_owned(),
                format!("--filesystem={docs}"),
                app.display().to_string(),
            ];
            bed.flatrack(args).assert_success().to_owned()
        };
        let lines = "[X-Landlock]\nread-only=~/docs/fixed;\nno-access=~/docs/secret;~/docs/one;~/docs/none;";
        // a hidden file is the null device: it takes everything and keeps nothing
        let narrowed = "open x written\nfixed/file x\nsecret/file\none written\ndone";
        assert_eq!(seen(lines), narrowed, "as {}", user.uid);
        let open = "open x written\nfixed/file x written\nsecret/file x written\none x written\nmoved\ndone";
        assert_eq!(seen(""), open, "as {}", user.uid);
    }
}
