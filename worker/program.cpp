#include "worker/program.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "worker/crash_handler.hpp"
#include "worker/guard.hpp"
#include "worker/loop.hpp"

namespace joust::worker {
namespace {

// The supervisor gives us standard input, output, error and the channel. Anything else leaked.
int count_foreign_descriptors() {
  DIR* dir = ::opendir("/proc/self/fd");
  if (dir == nullptr) return 0;
  int foreign = 0;
  while (const dirent* entry = ::readdir(dir)) {
    if (entry->d_name[0] == '.') continue;
    const int fd = std::atoi(entry->d_name);
    if (fd >= kFirstFreeFd && fd != ::dirfd(dir)) ++foreign;
  }
  ::closedir(dir);
  return foreign;
}

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

// Children that a world starts must not hold the channel.
void keep_from_children(int first, int last) {
  for (int fd = first; fd <= last; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int serve_channel(WorldRegistry (*worlds)()) {
  if (!is_open(kSupervisorMemoryFd) || !is_open(kResultBellFd)) {
    std::fputs("joust-worker is started by joust; see `joust --help`\n", stderr);
    return 2;
  }
  if (const int foreign = count_foreign_descriptors(); foreign > 0) {
    std::fprintf(stderr, "joust-worker: %d descriptors leaked into the worker\n", foreign);
    return 1;
  }
  keep_from_children(kSupervisorMemoryFd, kResultBellFd);
  // Where Yama guards ptrace, a process may be traced by its ancestors only. The supervisor has
  // joust-stacks trace us, which is its child and not its ancestor.
  ::prctl(PR_SET_PTRACER, ::getppid());
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  ChannelClient channel(kSupervisorMemoryFd, kWorkerMemoryFd, kTaskBellFd, kResultBellFd);
  install_crash_handler(channel.black_box(), kBlackBox);
  serve(channel, worlds());
  return 0;
}

// For 'joust doctor'.
int say_version() {
  return std::printf("%s %s\n", program_invocation_short_name, JOUST_VERSION) > 0 ? 0 : 1;
}

}  // namespace

int run_program(int argc, char** argv, WorldRegistry (*worlds)()) {
  return guarded([&] {
    if (argc == 2 && std::strcmp(argv[1], "--guard") == 0) return guard();
    if (argc == 2 && std::strcmp(argv[1], "--version") == 0) return say_version();
    return serve_channel(worlds);
  });
}

int guarded(const std::function<int()>& program) {
  try {
    return program();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "joust-worker: %s\n", error.what());
    return 1;
  }
}

}  // namespace joust::worker
