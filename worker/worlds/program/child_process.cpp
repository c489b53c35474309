#include "worker/worlds/program/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>

#include "common/whole_file.hpp"

namespace joust::worlds::program {
namespace {

constexpr int kChildReads = 3;
constexpr int kChildWrites = 4;

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

[[noreturn]] void fail_to_start(const std::string& program, int error) {
  throw CannotStart(error, fmt::format("cannot start '{}': {}", program, std::strerror(error)));
}

// Both ends are moved above the descriptors that the child's are put on, so that none of those is
// overwritten before it was copied.
UniqueFd moved_up(UniqueFd fd) {
  return UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, kChildWrites + 1));
}

Pipe make_pipe(const std::string& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail_to_start(program, errno);
  Pipe pipe{moved_up(UniqueFd(ends[0])), moved_up(UniqueFd(ends[1]))};
  if (!pipe.read || !pipe.write) fail_to_start(program, errno);
  return pipe;
}

// posix_spawn's two objects, with what every child gets.
class SpawnPlan {
 public:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigaddset(&signals, SIGPIPE);  // ignored here; programs expect to die of it
    ::sigaddset(&signals, SIGCHLD);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  void put(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, from, to); }
  void close_from(int first) { ::posix_spawn_file_actions_addclosefrom_np(&actions_, first); }
  void start_in(const std::string& folder) {
    ::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
  }

  // 0, or an error number.
  int start(pid_t& pid, const std::vector<std::string>& command,
            const std::vector<std::string>& environment) const {
    return ::posix_spawnp(&pid, command.front().c_str(), &actions_, &attributes_,
                          pointers(command).data(), pointers(environment).data());
  }

 private:
  // posix_spawn promises not to write to them
  static std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> found;
    found.reserve(texts.size() + 1);
    for (const std::string& text : texts) found.push_back(const_cast<char*>(text.c_str()));
    found.push_back(nullptr);
    return found;
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

std::string describe(const ProcessEnd& end) {
  if (!end.by_signal) return fmt::format("exit code {}", end.number);
  const char* name = ::sigabbrev_np(end.number);
  return name == nullptr ? fmt::format("signal {}", end.number)
                         : fmt::format("signal {} (SIG{})", end.number, name);
}

ChildProcess::ChildProcess(const CommandSetup& setup, const std::vector<std::string>& command,
                           const std::vector<std::string>& environment, Pipes pipes) {
  const std::string& program = command.front();
  if (::access(setup.folder.c_str(), X_OK) != 0) fail_to_start("in " + setup.folder, errno);
  Pipe from_child = make_pipe(program);
  Pipe to_child;
  SpawnPlan plan;
  if (pipes == Pipes::messages) {
    to_child = make_pipe(program);
    plan.put(to_child.read.get(), kChildReads);
    plan.put(from_child.write.get(), kChildWrites);
    plan.close_from(kChildWrites + 1);
  } else {
    plan.put(from_child.write.get(), STDOUT_FILENO);
    plan.close_from(STDERR_FILENO + 1);
  }
  plan.start_in(setup.folder);
  if (const int error = plan.start(pid_, command, environment)) fail_to_start(program, error);
  pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!pidfd_) {
    const int error = errno;
    kill();
    fail_to_start(program, error);
  }
  read_ = std::move(from_child.read);
  write_ = std::move(to_child.write);
}

ChildProcess::~ChildProcess() {
  if (!end_) kill();
}

void ChildProcess::close_pipes() {
  read_.reset();
  write_.reset();
}

std::optional<ProcessEnd> ChildProcess::wait(Duration at_most) {
  if (end_) return end_;
  pollfd watched{pidfd_.get(), POLLIN, 0};
  const auto millis =
      std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(at_most).count());
  if (::poll(&watched, 1, static_cast<int>(millis)) <= 0) return std::nullopt;
  end_group();
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED) == 0) {
    end_ = ProcessEnd{info.si_code != CLD_EXITED, info.si_status};
  } else {
    end_ = ProcessEnd{true, SIGKILL};  // somebody else reaped it: how it ended is lost
  }
  return end_;
}

bool ChildProcess::is_stopped() const {
  if (end_) return false;
  siginfo_t info{};
  const int looked = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WNOHANG | WNOWAIT);
  return looked == 0 && info.si_pid == pid_;
}

void ChildProcess::kill() {
  if (end_) return;
  end_group();
  ::waitid(P_PID, static_cast<id_t>(pid_), nullptr, WEXITED);
  end_ = ProcessEnd{true, SIGKILL};
}

// The program and what it started, but for what has left its process group: that ends with the
// worker. REQUIRES: not reaped, so that the number is still its own.
void ChildProcess::end_group() const {
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
}

std::uint64_t resident_bytes(pid_t pid) {
  std::istringstream statm(read_whole_file(fmt::format("/proc/{}/statm", pid)).value_or(""));
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  if (!(statm >> all >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace joust::worlds::program
