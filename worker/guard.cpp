#include "worker/guard.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "common/cgroup.hpp"
#include "common/run_marker.hpp"

namespace joust::worker {
namespace {

void wait_for_end_of_input() {
  char byte = 0;
  while (true) {
    const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
    if (got == 0 || (got < 0 && errno != EINTR)) return;
  }
}

}  // namespace

int guard() {
  // all children of the supervisor are started to die with it; this one is there for the time after
  ::prctl(PR_SET_PDEATHSIG, 0);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGTSTP}) ::signal(signal, SIG_IGN);
  wait_for_end_of_input();
  const char* group = std::getenv(kCgroupVariable.data());
  const char* run = std::getenv(kRunVariable.data());
  if (run == nullptr || group == nullptr) return 1;
  const std::filesystem::path folder = group;
  const bool group_ended =
      folder.empty() || (enter_cgroup(folder.parent_path()) && end_cgroup(folder));
  return kill_processes_of_run(run) && group_ended ? 0 : 1;
}

}  // namespace joust::worker
