#include "runner/os/worker_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/process/v2/posix/vfork_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <system_error>

#include "common/cgroup.hpp"
#include "common/environment.hpp"
#include "common/plugin_report.hpp"
#include "common/run_marker.hpp"
#include "runner/os/process_state.hpp"

namespace joust::os {
namespace {

namespace process = boost::process::v2;

constexpr int kHighestChildFd = kFirstFreeFd;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

UniqueFd open_pidfd(int pid) {
  UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!fd) fail("cannot watch a new process (pidfd_open)");
  return fd;
}

// Runs in the child between vfork and exec, in the parent's memory: system calls only.
class ExecSetup {
 public:
  ExecSetup(std::array<int, 7> descriptors, int last, int parent, const WorkerPlace& place,
            std::uint64_t data_limit)
      : descriptors_(descriptors),
        last_(last),
        parent_(parent),
        place_(place),
        data_limit_(data_limit) {}

  template <class Launcher>
  process::error_code on_exec_setup(Launcher&, const process::filesystem::path&,
                                    const char* const*(&)) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failed();
    if (::getppid() != parent_) ::_exit(1);  // it died before the line above
    ::setpgid(0, 0);
    for (int to = 0; to <= last_; ++to) {
      if (::dup2(descriptors_[static_cast<std::size_t>(to)], to) < 0) return failed();
    }
    // closed at exec, not now: the launcher may still have to report an error
    if (::syscall(SYS_close_range, last_ + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return failed();
    if (data_limit_ > 0) {
      rlimit limit{};
      ::getrlimit(RLIMIT_DATA, &limit);
      limit.rlim_cur = limit.rlim_max = std::min<rlim_t>(limit.rlim_max, data_limit_);
      if (::setrlimit(RLIMIT_DATA, &limit) != 0) return failed();
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::signal(SIGPIPE, SIG_DFL);
    ::signal(SIGCHLD, SIG_DFL);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    place_.take();
    return {};
  }

  // Leaves without running the parent's exit handlers, whose memory this is. (The launcher looks
  // for one signature of this function and calls the other.)
  template <class Launcher, class CommandLine>
  void on_exec_error(Launcher&, const process::filesystem::path&, CommandLine&&,
                     const process::error_code&) {
    ::_exit(127);
  }
  template <class Launcher, class CommandLine>
  void on_exec_error(Launcher&, const process::error_code&, const process::filesystem::path&,
                     CommandLine&&, const process::error_code&) {
    ::_exit(127);
  }

 private:
  static process::error_code failed() { return {errno, boost::system::system_category()}; }
  std::array<int, 7> descriptors_;
  int last_;
  int parent_;
  WorkerPlace place_;
  std::uint64_t data_limit_;
};

// What a child inherits, with what is added for it.
class Environment {
 public:
  Environment(const std::vector<std::string>& allowed, const std::vector<std::string>& added)
      : entries_(inherited_environment(allowed)) {
    for (const std::string& entry : added) {
      const std::size_t equals = entry.find('=');
      set_variable(entries_, entry.substr(0, equals), entry.substr(equals + 1));
    }
    for (const std::string& entry : entries_) pointers_.push_back(entry.c_str());
    pointers_.push_back(nullptr);
  }
  const char* const* data() const { return pointers_.data(); }

 private:
  std::vector<std::string> entries_;
  std::vector<const char*> pointers_;
};

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Pipe make_pipe() {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0) fail("cannot create a pipe");
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

UniqueFd open_null(int flags) {
  UniqueFd null(::open("/dev/null", flags | O_CLOEXEC));
  if (!null) fail("cannot open /dev/null");
  return null;
}

// A process that was started, or half-way so, but cannot be watched.
void end_unwatched(int pid) {
  if (pid <= 0) return;
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

bool is_prey(const Family& family, int pid) {
  if (environment_of(pid, kRunVariable) == family.run_id) {
    const std::string worker = environment_of(pid, kWorkerVariable);
    const auto& live = family.live_workers;
    return std::find(live.begin(), live.end(), worker) == live.end();
  }
  if (!family.unmarked_too || !lacks_variable(pid, kRunVariable)) return false;
  if (!family.cgroup.empty()) return is_in_cgroup(pid, family.cgroup);
  return ::getpid() != 1;  // process 1 adopts those of others as well
}

void set_nonblocking(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

}  // namespace

struct Spawner::Plan {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::array<int, 7> descriptors{};
  int last_descriptor = 0;
  WorkerPlace place = {};
  std::uint64_t data_limit = 0;
};

Spawner::Spawner(std::filesystem::path worker_binary, std::string run_id,
                 std::vector<std::string> env_allow)
    : binary_(std::move(worker_binary)),
      run_id_(std::move(run_id)),
      env_allow_(std::move(env_allow)) {
  while (low_descriptors_.empty() || low_descriptors_.back().get() < kHighestChildFd) {
    low_descriptors_.push_back(open_null(O_RDONLY));
  }
}

ChildProcess Spawner::launch(const std::filesystem::path& program, const Plan& plan) {
  const Environment environment(env_allow_, plan.environment);
  // A context of its own, without any descriptor: the launcher tells the context about the fork,
  // and in the child of a vfork that would take the main loop's reactor apart.
  boost::asio::io_context context;
  process::posix::vfork_launcher launcher;
  launcher.env = environment.data();
  // Where Boost closes descriptors by itself (it does so after the setup above, in some versions
  // only), it must spare the channel.
  for (int fd = STDERR_FILENO + 1; fd <= plan.last_descriptor; ++fd) {
    launcher.fd_whitelist.push_back(fd);
  }
  try {
    auto started = launcher(
        context.get_executor(), process::filesystem::path(program.string()), plan.arguments,
        ExecSetup(plan.descriptors, plan.last_descriptor, ::getpid(), plan.place, plan.data_limit));
    started.detach();
    return {launcher.pid, open_pidfd(launcher.pid), {}};
  } catch (const std::system_error& error) {
    end_unwatched(launcher.pid);
    throw std::system_error(error.code(), fmt::format("cannot start {}", program.string()));
  } catch (const boost::system::system_error& error) {
    end_unwatched(launcher.pid);
    throw std::system_error(error.code().value(), std::generic_category(),
                            fmt::format("cannot start {}", program.string()));
  }
}

ChildProcess Spawner::start_worker(core::WorkerId id, const ChannelFds& channel,
                                   const WorkerPlace& place, std::uint64_t data_limit) {
  Pipe output = make_pipe();
  const UniqueFd null = open_null(O_RDONLY);
  set_nonblocking(output.read.get());
  const int out = output.write.get();
  ChildProcess child =
      launch(binary_, {{},
                       {fmt::format("{}={}", kRunVariable, run_id_),
                        fmt::format("{}={}.{}", kWorkerVariable, id.slot, id.epoch)},
                       {null.get(), out, out, channel.supervisor_memory, channel.worker_memory,
                        channel.task_bell, channel.result_bell},
                       kResultBellFd,
                       place,
                       data_limit});
  child.pipe = std::move(output.read);
  return child;
}

ChildProcess Spawner::start_guard(const std::filesystem::path& cgroup) {
  Pipe input = make_pipe();
  const UniqueFd null = open_null(O_WRONLY);
  ChildProcess child = launch(binary_, {{"--guard"},
                                        {fmt::format("{}={}", kRunVariable, run_id_),
                                         fmt::format("{}={}", kCgroupVariable, cgroup.string())},
                                        {input.read.get(), null.get(), null.get(), -1, -1, -1, -1},
                                        STDERR_FILENO,
                                        {},
                                        0});
  child.pipe = std::move(input.write);
  return child;
}

ChildProcess Spawner::start_helper(const std::filesystem::path& program,
                                   std::vector<std::string> arguments, int out) {
  const UniqueFd null = open_null(O_RDWR);
  return launch(program, {std::move(arguments),
                          {fmt::format("{}={}", kRunVariable, run_id_)},
                          {null.get(), out, null.get(), -1, -1, -1, -1},
                          STDERR_FILENO,
                          {},
                          0});
}

ChildProcess Spawner::start_examination(std::vector<std::string> arguments, int in, int out,
                                        int report) {
  return launch(binary_, {std::move(arguments),
                          {fmt::format("{}={}", kRunVariable, run_id_)},
                          {in, out, out, report, -1, -1, -1},
                          kPluginReportFd,
                          {},
                          0});
}

void signal_process(const ChildProcess& child, int signal) {
  if (::syscall(SYS_pidfd_send_signal, child.pidfd.get(), signal, nullptr, 0) == 0) return;
  if (errno != ESRCH) ::kill(child.pid, signal);  // not reaped: the number is still its own
}

void signal_group(const ChildProcess& child, int signal) { ::kill(-child.pid, signal); }

void kill_tree(const ChildProcess& child) {
  const std::vector<int> family = descendants(child.pid);
  signal_process(child, SIGKILL);
  signal_group(child, SIGKILL);
  for (const int pid : family) {
    // children of a dead process are adopted, not reaped, so the number cannot have been given away
    // as long as we look at it as our own child or grandchild
    const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd || environment_of(pid, kRunVariable).empty()) continue;
    ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
  }
}

std::optional<core::ProcessEnd> reap(const ChildProcess& child) {
  siginfo_t info{};
  rusage used{};  // the system call has it, the C library's function does not
  if (::syscall(SYS_waitid, P_PIDFD, child.pidfd.get(), &info, WEXITED | WNOHANG, &used) != 0 ||
      info.si_pid == 0) {
    return std::nullopt;
  }
  return core::ProcessEnd{info.si_code != CLD_EXITED, info.si_status,
                          static_cast<std::uint64_t>(used.ru_maxrss) << 10};
}

bool was_ended_by(const ChildProcess& child, int signal) {
  siginfo_t info{};
  const auto fd = static_cast<id_t>(child.pidfd.get());
  return ::waitid(P_PIDFD, fd, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0 &&
         info.si_code != CLD_EXITED && info.si_status == signal;
}

int clear_orphans(const Family& family) {
  int cleared = 0;
  for (const int pid : own_children()) {
    if (std::find(family.own.begin(), family.own.end(), pid) != family.own.end()) continue;
    // when it had ended already, its children are ours now
    const bool reaped = ::waitpid(pid, nullptr, WNOHANG) != 0;
    // it is our child and not reaped: the number is still its own
    if (reaped || (is_prey(family, pid) && ::kill(pid, SIGKILL) == 0)) ++cleared;
  }
  return cleared;
}

}  // namespace joust::os
