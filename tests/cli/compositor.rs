//! A compositor with security contexts and nothing to show: it listens for clients, on its own socket and on those that
//! contexts bring, and tells what it saw.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use wayland_protocols::wp::security_context::v1::server::wp_security_context_manager_v1::{
    Request as ManagerRequest, WpSecurityContextManagerV1 as Manager,
};
use wayland_protocols::wp::security_context::v1::server::wp_security_context_v1::{
    Request as ContextRequest, WpSecurityContextV1 as Context,
};
use wayland_server::backend::{ClientData, ClientId};
use wayland_server::{Client, DataInit, Dispatch, Display, DisplayHandle, GlobalDispatch, New};

/// What the compositor saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    /// a context with its three names
    Context(Names),
    /// a client, and the names of its context
    Client(Option<Names>),
    /// a context whose owner is gone
    Closed,
}

/// Engine, app and instance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) engine: String,
    pub(crate) app: String,
    pub(crate) instance: String,
}

/// A compositor that runs until the test ends.
#[derive(Debug)]
pub(crate) struct Compositor {
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    pub(crate) seen: Receiver<Seen>,
}

/// How it treats contexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manners {
    Good,
    /// says nothing any more once it was asked for one
    Deaf,
}

impl Compositor {
    #[track_caller]
    pub(crate) fn listen(socket: &Path, manners: Manners) -> Self {
        let listener = UnixListener::bind(socket).unwrap();
        let end = Arc::new(AtomicBool::new(false));
        let (sender, seen) = channel();
        let ended = end.clone();
        let thread = std::thread::spawn(move || serve(listener, manners, &ended, sender));
        Self {
            end,
            thread: Some(thread),
            seen,
        }
    }

    /// The next thing it saw.
    #[track_caller]
    pub(crate) fn next(&self) -> Seen {
        self.seen.recv_timeout(Duration::from_secs(45)).unwrap()
    }
}

impl Drop for Compositor {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(ended.is_none_or(|ended| ended.is_ok()) || std::thread::panicking());
    }
}

struct State {
    manners: Manners,
    committed: Vec<Committed>,
    deaf: bool,
}

struct Committed {
    listener: UnixListener,
    closed: OwnedFd,
    names: Names,
}

/// Whose context a client came through.
struct Origin(Option<Names>);

impl ClientData for Origin {
    fn initialized(&self, _: ClientId) {}
}

fn serve(own: UnixListener, manners: Manners, end: &AtomicBool, seen: Sender<Seen>) {
    let mut display = Display::<State>::new().unwrap();
    let mut handle = display.handle();
    handle.create_global::<State, Manager, ()>(1, ());
    let mut state = State {
        manners,
        committed: Vec::new(),
        deaf: false,
    };
    own.set_nonblocking(true).unwrap();
    let mut told = 0;
    while !end.load(Ordering::Relaxed) {
        let tick = Timespec::try_from(Duration::from_millis(10)).unwrap();
        poll(
            &mut [PollFd::new(&display.backend().poll_fd(), PollFlags::IN)],
            Some(&tick),
        )
        .unwrap();
        let mut admit = |stream, names: Option<Names>| {
            seen.send(Seen::Client(names.clone())).unwrap();
            handle
                .insert_client(stream, Arc::new(Origin(names)))
                .unwrap();
        };
        while let Ok((stream, _)) = own.accept() {
            admit(stream, None);
        }
        for context in &state.committed {
            while let Ok((stream, _)) = context.listener.accept() {
                admit(stream, Some(context.names.clone()));
            }
        }
        display.dispatch_clients(&mut state).unwrap();
        if state.deaf {
            continue;
        }
        for context in &state.committed[told..] {
            seen.send(Seen::Context(context.names.clone())).unwrap();
        }
        state.committed.retain(|context| {
            let gone = is_hung_up(&context.closed);
            if gone {
                seen.send(Seen::Closed).unwrap();
            }
            !gone
        });
        told = state.committed.len();
        display.flush_clients().unwrap();
    }
}

fn is_hung_up(fd: &OwnedFd) -> bool {
    let mut fds = [PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::empty())];
    poll(&mut fds, Some(&Timespec::default())).unwrap();
    fds[0].revents().contains(PollFlags::HUP)
}

impl GlobalDispatch<Manager, ()> for State {
    fn bind(
        _: &mut Self,
        _: &DisplayHandle,
        _: &Client,
        manager: New<Manager>,
        (): &(),
        init: &mut DataInit<'_, Self>,
    ) {
        init.init(manager, ());
    }

    /// Who came through a context cannot make another.
    fn can_view(client: Client, (): &()) -> bool {
        client
            .get_data::<Origin>()
            .is_some_and(|origin| origin.0.is_none())
    }
}

/// A context before it is committed.
type Draft = std::sync::Mutex<Option<Committed>>;

impl Dispatch<Manager, ()> for State {
    fn request(
        state: &mut Self,
        _: &Client,
        _: &Manager,
        request: ManagerRequest,
        (): &(),
        _: &DisplayHandle,
        init: &mut DataInit<'_, Self>,
    ) {
        if let ManagerRequest::CreateListener {
            id,
            listen_fd,
            close_fd,
        } = request
        {
            let listener = UnixListener::from(listen_fd);
            listener.set_nonblocking(true).unwrap();
            let draft = Committed {
                listener,
                closed: close_fd,
                names: Names::default(),
            };
            init.init(id, Draft::new(Some(draft)));
            state.deaf = state.manners == Manners::Deaf;
        }
    }
}

impl Dispatch<Context, Draft> for State {
    fn request(
        state: &mut Self,
        _: &Client,
        _: &Context,
        request: ContextRequest,
        draft: &Draft,
        _: &DisplayHandle,
        _: &mut DataInit<'_, Self>,
    ) {
        let mut draft = draft.lock().unwrap();
        let Some(context) = draft.as_mut() else {
            return;
        };
        match request {
            ContextRequest::SetSandboxEngine { name } => context.names.engine = name,
            ContextRequest::SetAppId { app_id } => context.names.app = app_id,
            ContextRequest::SetInstanceId { instance_id } => context.names.instance = instance_id,
            ContextRequest::Commit => state.committed.extend(draft.take()),
            _ => {}
        }
    }
}
