//! The compositor: a socket made for this instance, through which it knows the app and withholds what is not for apps.
//!
//! The protocol is `security-context-v1`. A compositor that does not have it cannot tell apps apart, and the app gets
//! its usual socket. One that cannot be asked gives no socket at all.

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};

use flatrack_perms::Untrusted;
use flatrack_spec::{Facts, Host as _, Links, WaylandSocket, wayland_display};
use flatrack_sys::tiny::Removal;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Mode, OFlags};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use wayland_client::backend::WaylandError;
use wayland_client::protocol::wl_callback::{self, WlCallback};
use wayland_client::protocol::wl_registry::{self, WlRegistry};
use wayland_client::{Connection, Dispatch, EventQueue, Proxy, QueueHandle, delegate_noop};
use wayland_protocols::wp::security_context::v1::client::wp_security_context_manager_v1::WpSecurityContextManagerV1 as Manager;
use wayland_protocols::wp::security_context::v1::client::wp_security_context_v1::WpSecurityContextV1 as Context;

use super::{Instance, Opened};
use crate::Error;
use crate::host::RealHost;
use crate::pin::{check_socket, open as open_path};

/// How long a compositor may take to answer in all.
const PATIENCE: Duration = Duration::from_secs(2);
/// What compositors know sandboxes of Flatpak apps by.
const ENGINE: &str = "org.flatpak";
/// Name of the instance's socket in its directory.
const SOCKET: &str = "wayland";

/// Finds the compositor's socket and has one made for the instance, where it can.
pub(super) fn open(
    facts: &Facts,
    instance: Instance<'_>,
    opened: &mut Opened,
) -> Result<(), Error> {
    let Some(directory) = &facts.runtime_dir else {
        return Ok(());
    };
    let path = directory.join(wayland_display(facts));
    let path = match RealHost.resolve_own(&path, facts.user.uid) {
        Links::To(path) => path,
        Links::Nowhere => return Ok(()),
        Links::Foreign(link) => return Err(flatrack_spec::PlanError::ForeignLink(link).into()),
    };
    let compositor = open_path(&path).map_err(|source| Error::Pin {
        path: path.clone(),
        source,
    })?;
    check_socket(&compositor, &path, facts.user.uid)?;
    match restrict(&compositor, instance) {
        Ok(None) => {
            opened.session.wayland = WaylandSocket::Plain(path.clone());
            opened.pins.insert(path, compositor);
        }
        Ok(Some(own_socket)) => {
            let own = instance.dir.join(SOCKET);
            opened.session.wayland = WaylandSocket::Restricted(own.clone());
            opened.pins.insert(own.clone(), own_socket.socket);
            opened.keep.push(own_socket.hold);
            opened.made.push(Removal::File(own));
        }
        Err(error) => {
            opened.session.wayland = WaylandSocket::Failed;
            opened.warnings.push(format!(
                "warning: the app gets no Wayland connection: the compositor at `{}` {}",
                Untrusted(&path.to_string_lossy()),
                Untrusted(&error.to_string()),
            ));
        }
    }
    Ok(())
}

/// A socket of the instance's own, on which the compositor listens.
#[derive(Debug)]
struct Own {
    socket: OwnedFd,
    /// the compositor stops listening when this is closed
    hold: OwnedFd,
}

/// Has the compositor listen on a socket of the instance's own; `None` if it does not know how.
fn restrict(compositor: &OwnedFd, instance: Instance<'_>) -> io::Result<Option<Own>> {
    let until = Instant::now() + PATIENCE;
    let connection = Connection::from_socket(connect_to(compositor)?).map_err(io::Error::other)?;
    let mut queue = connection.new_event_queue();
    let handle = queue.handle();
    let registry = connection.display().get_registry(&handle, ());
    let mut found = Found::default();
    round_trip(&connection, &mut queue, &mut found, until)?;
    let Some(name) = found.manager else {
        return Ok(None);
    };
    let manager: Manager = registry.bind(name, 1, &handle, ());
    // the path may be longer than a socket's address can be
    let dir = open_path(instance.dir)?;
    let listener = UnixListener::bind(format!("/proc/self/fd/{}/{SOCKET}", dir.as_raw_fd()))?;
    let (closed, hold) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    let context = manager.create_listener(listener.as_fd(), closed.as_fd(), &handle, ());
    context.set_sandbox_engine(ENGINE.to_owned());
    context.set_app_id(instance.app.to_owned());
    context.set_instance_id(instance.number.to_string());
    context.commit();
    context.destroy();
    manager.destroy();
    round_trip(&connection, &mut queue, &mut found, until)?;
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let socket = rustix::fs::openat(&dir, SOCKET, flags, Mode::empty())?;
    Ok(Some(Own { socket, hold }))
}

/// Connects without waiting: a compositor that has stopped accepting has a full queue.
fn connect_to(compositor: &OwnedFd) -> io::Result<UnixStream> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    let path = format!("/proc/self/fd/{}", compositor.as_raw_fd());
    connect(&socket, &SocketAddrUnix::new(Path::new(&path))?).map_err(|error| match error {
        rustix::io::Errno::AGAIN => io::Error::other("accepts no connections"),
        rustix::io::Errno::CONNREFUSED => io::Error::other("is not running"),
        error => error.into(),
    })?;
    Ok(socket.into())
}

/// What the compositor told.
#[derive(Debug, Default)]
struct Found {
    /// the manager's number
    manager: Option<u32>,
    /// it has answered everything so far
    done: bool,
}

/// Waits until the compositor has answered everything it was asked.
fn round_trip(
    connection: &Connection,
    queue: &mut EventQueue<Found>,
    found: &mut Found,
    until: Instant,
) -> io::Result<()> {
    found.done = false;
    connection.display().sync(&queue.handle(), ());
    loop {
        queue.dispatch_pending(found).map_err(io::Error::other)?;
        if found.done {
            return Ok(());
        }
        let unsent = match queue.flush() {
            Ok(()) => PollFlags::empty(),
            Err(WaylandError::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                PollFlags::OUT
            }
            Err(_) => return Err(io::Error::other("ended the connection")),
        };
        let Some(guard) = queue.prepare_read() else {
            continue;
        };
        let left = until.saturating_duration_since(Instant::now());
        let left = rustix::event::Timespec::try_from(left).map_err(io::Error::other)?;
        let fd = guard.connection_fd();
        let mut wait = [PollFd::new(&fd, PollFlags::IN | unsent)];
        match poll(&mut wait, Some(&left)) {
            Ok(0) => return Err(io::Error::other("does not answer")),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        match guard.read() {
            Ok(_) => {}
            Err(WaylandError::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return Err(io::Error::other("ended the connection")),
        }
    }
}

impl Dispatch<WlRegistry, ()> for Found {
    fn event(
        found: &mut Self,
        _: &WlRegistry,
        event: wl_registry::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if let wl_registry::Event::Global {
            name, interface, ..
        } = event
            && interface == Manager::interface().name
        {
            found.manager = Some(name);
        }
    }
}

impl Dispatch<WlCallback, ()> for Found {
    fn event(
        found: &mut Self,
        _: &WlCallback,
        _: wl_callback::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        found.done = true;
    }
}

delegate_noop!(Found: Manager);
delegate_noop!(Found: Context);
