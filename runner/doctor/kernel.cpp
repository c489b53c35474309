#include "runner/doctor/kernel.hpp"

#include <fmt/format.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "common/bell.hpp"
#include "common/unique_fd.hpp"
#include "common/whole_file.hpp"
#include "runner/os/channel_host.hpp"
#include "runner/os/clock.hpp"

namespace joust::doctor {
namespace {

namespace fs = std::filesystem;

int error_of(bool is_good) { return is_good ? 0 : errno; }

// A channel as each worker gets one: memory that is reserved, sealed and mapped, and two bells.
int try_channel() {
  try {
    os::ChannelHost::create({.epoch = 1, .capacity = 64 << 10, .max_message = 1 << 10});
    return 0;
  } catch (const std::system_error& error) {
    return error.code().value();
  }
}

// Ends a child of ours through a descriptor, waits for it and reaps it.
int end_by_descriptor(int pid) {
  const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd) return errno;
  if (::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0) != 0) return errno;
  pollfd watched{pidfd.get(), POLLIN, 0};
  if (::poll(&watched, 1, 1000) != 1) return ETIMEDOUT;
  siginfo_t info{};
  return error_of(::syscall(SYS_waitid, P_PIDFD, pidfd.get(), &info, WEXITED, nullptr) == 0);
}

int try_pidfd() {
  const int pid = ::fork();
  if (pid < 0) return errno;
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) ::pause();
  }
  const int error = end_by_descriptor(pid);
  if (error != 0) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  return error;
}

int try_close_range() {
  constexpr unsigned kBeyondAll = 0x7fffffff;  // no descriptor has such a number
  return error_of(::syscall(SYS_close_range, kBeyondAll, ~0U, CLOSE_RANGE_CLOEXEC) == 0);
}

int try_eventfd() { return error_of(static_cast<bool>(make_bell(EFD_NONBLOCK))); }

int try_signalfd() {
  sigset_t none;
  ::sigemptyset(&none);
  return error_of(static_cast<bool>(UniqueFd(::signalfd(-1, &none, SFD_CLOEXEC))));
}

int try_epoll() {
  const UniqueFd set(::epoll_create1(EPOLL_CLOEXEC));
  const UniqueFd timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
  if (!set || !timer) return errno;
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  return error_of(::epoll_ctl(set.get(), EPOLL_CTL_ADD, timer.get(), &wanted) == 0);
}

int try_subreaper() {
  int before = 0;
  if (::prctl(PR_GET_CHILD_SUBREAPER, &before) != 0) return errno;
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return errno;
  return error_of(::prctl(PR_SET_CHILD_SUBREAPER, before) == 0);
}

}  // namespace

const std::vector<Feature>& kernel_features() {
  static const std::vector<Feature> features = {
      {"sealed shared memory (memfd, F_SEAL_FUTURE_WRITE)", "5.1",
       "worlds and results pass through it, and no worker can damage what joust has written",
       try_channel},
      {"descriptors of processes (pidfd_open, P_PIDFD)", "5.4",
       "each worker is watched and ended through one", try_pidfd},
      {"close_range with CLOSE_RANGE_CLOEXEC", "5.11", "no descriptor leaks into a worker",
       try_close_range},
      {"eventfd", "2.6.27", "joust and workers wake each other by it", try_eventfd},
      {"signalfd", "2.6.27", "signals are events of the main loop", try_signalfd},
      {"epoll and timerfd", "2.6.27", "the main loop waits in it", try_epoll},
      {"adoption of orphans (PR_SET_CHILD_SUBREAPER)", "3.4",
       "what a world leaves behind is found and ended", try_subreaper},
  };
  return features;
}

Findings check_kernel(const std::vector<Feature>& features) {
  Findings findings;
  for (const Feature& feature : features) {
    const int error = feature.attempt();
    if (error == 0) continue;
    findings.push_back(
        {"kernel", Grade::problem,
         fmt::format("no {}: {}", feature.name, std::generic_category().message(error)),
         fmt::format("joust cannot work here: {}. Linux has it since {}; in a container, its "
                     "filter of system calls may forbid it",
                     feature.use, feature.since)});
  }
  if (!findings.empty()) return findings;
  return {{"kernel", Grade::ok,
           "sealed shared memory, descriptors of processes and all else that was tried works",
           "joust has all that it needs of the kernel"}};
}

Finding check_proc(const fs::path& root) {
  const fs::path own = root / "proc/self";
  for (const char* file : {"stat", "environ", "cgroup"}) {
    if (read_whole_file(own / file)) continue;
    return {"proc", Grade::problem,
            fmt::format("{} cannot be read: {}", (own / file).string(),
                        std::generic_category().message(errno)),
            "joust sees by /proc what its workers do and take: mount it (mount -t proc proc "
            "/proc)"};
  }
  return {"proc", Grade::ok, fmt::format("{} can be read", (root / "proc").string()),
          "joust sees what its workers do and take"};
}

Clock try_clock(const fs::path& root) {
  const fs::path file = root / "sys/devices/system/clocksource/clocksource0/current_clocksource";
  Clock clock;
  clock.source = read_whole_file(file).value_or("");
  while (clock.source.ends_with('\n')) clock.source.pop_back();
  constexpr int kLooks = 1000;
  const TimePoint begin = os::now();
  TimePoint last = begin;
  for (int look = 0; look < kLooks; ++look) last = os::now();
  clock.nanoseconds = std::chrono::duration<double, std::nano>(last - begin).count() / kLooks;
  return clock;
}

Finding check_clock(const Clock& clock) {
  const std::string found = fmt::format(
      "the kernel has the time from {}; a look at it takes {:.0f} ns",
      clock.source.empty() ? "a source that it does not name" : clock.source, clock.nanoseconds);
  // without a system call it takes a tenth of that
  constexpr double kSystemCall = 400;
  if (clock.nanoseconds < kSystemCall) {
    return {"clock", Grade::ok, found, "deadlines cost nothing"};
  }
  return {"clock", Grade::note, found,
          "each look is a system call: worlds of microseconds are played more slowly; results do "
          "not change"};
}

}  // namespace joust::doctor
