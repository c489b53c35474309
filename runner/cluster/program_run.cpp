#include "runner/cluster/program_run.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "common/unique_fd.hpp"
#include "runner/cluster/submission.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/program_output.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace joust::cluster {
namespace {

constexpr std::size_t kMostOutput = 256
                                    << 20;  // bytes of each stream; what comes after is not read

[[noreturn]] void fail(const std::string& program, int error) {
  throw ClusterError(fmt::format("{} cannot be started: {}", program, std::strerror(error)));
}

// How the child begins: its descriptors, a process group of its own, no blocked signals.
class SpawnRules {
 public:
  SpawnRules(int out, int err) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnRules() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnRules(const SpawnRules&) = delete;
  SpawnRules& operator=(const SpawnRules&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

int spawn(const std::vector<std::string>& words, int out, int err) {
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  arguments.reserve(copies.size() + 1);
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const SpawnRules rules(out, err);
  int pid = -1;
  const int error = ::posix_spawnp(&pid, arguments[0], rules.actions(), rules.attributes(),
                                   arguments.data(), environ);
  if (error != 0) fail(words[0], error);
  return pid;
}

}  // namespace

ProgramEnd run_program(const std::vector<std::string>& words, Duration patience) {
  os::OutputPipe out = os::make_output_pipe();
  os::OutputPipe err = os::make_output_pipe();
  const int pid = spawn(words, out.write.get(), err.write.get());
  out.write.reset();
  err.write.reset();
  const UniqueFd ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const TimePoint until = os::now() + patience;
  ProgramEnd end;
  for (bool is_over = false; !is_over && !end.late;) {
    std::array<pollfd, 3> watched = {
        {{ended.get(), POLLIN, 0}, {out.read.get(), POLLIN, 0}, {err.read.get(), POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), os::milliseconds_until(until));
    is_over = watched[0].revents != 0;
    end.late = !is_over && os::now() >= until;
    if (out.read && !os::drain(out.read.get(), end.out, kMostOutput)) out.read.reset();
    if (err.read && !os::drain(err.read.get(), end.err, kMostOutput)) err.read.reset();
  }
  if (end.late) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  end.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

}  // namespace joust::cluster
