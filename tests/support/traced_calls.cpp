#include "tests/support/traced_calls.hpp"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <cerrno>
#include <map>
#include <set>
#include <stdexcept>

namespace joust::test {
namespace {

// The calls that are counted, with the errors that they are known to give where memory,
// descriptors, processes or room run out, or a disk is broken.
const std::map<long, std::vector<int>>& counted_calls() {
  static const std::map<long, std::vector<int>> calls = {
      {SYS_openat, {EMFILE, ENOMEM, EIO}},
      {SYS_mkdir, {ENOSPC, EIO}},
      {SYS_rename, {ENOSPC, EIO}},
      {SYS_renameat2, {ENOSPC, EIO}},
      {SYS_unlink, {EIO}},
      {SYS_write, {ENOSPC, EIO}},
      {SYS_pwrite64, {ENOSPC, EIO}},
      {SYS_read, {EIO}},
      {SYS_pread64, {EIO}},
      {SYS_fsync, {ENOSPC, EIO}},
      {SYS_fdatasync, {ENOSPC, EIO}},
      {SYS_ftruncate, {ENOSPC, EIO}},
      {SYS_fallocate, {ENOSPC, ENOMEM}},
      {SYS_flock, {ENOMEM}},
      {SYS_mmap, {ENOMEM}},
      {SYS_memfd_create, {EMFILE, ENOMEM}},
      {SYS_eventfd2, {EMFILE, ENOMEM}},
      {SYS_pipe2, {EMFILE}},
      {SYS_epoll_create1, {EMFILE, ENOMEM}},
      {SYS_epoll_ctl, {ENOMEM}},
      {SYS_vfork, {EAGAIN, ENOMEM}},
      {SYS_clone, {EAGAIN, ENOMEM}},
      {SYS_clone3, {EAGAIN, ENOMEM}},
      {SYS_pidfd_open, {EMFILE, ENOMEM}},
      {SYS_munmap, {}},
      {SYS_kill, {}},
      {SYS_pidfd_send_signal, {ENOMEM}},
      {SYS_waitid, {}},
      {SYS_epoll_wait, {}},
      {SYS_prctl, {}},
  };
  return calls;
}

// With these joust begins to work on a run directory: a new one is made, or an old one is locked.
bool begins_work(long call) { return call == SYS_mkdir || call == SYS_flock; }

class Tracer {
 public:
  Tracer(JoustProcess& process, const Interference& interference)
      : process_(process), interference_(interference) {}

  CallTrace run() {
    while (!over_) {
      int status = 0;
      const pid_t thread = ::waitpid(-1, &status, __WALL);
      if (thread < 0 && errno == EINTR) {  // the alarm
        trace_.hung = true;
        ::kill(process_.pid(), SIGKILL);
      } else if (thread < 0) {
        throw std::runtime_error("the traced process is lost");
      } else if (WIFSTOPPED(status)) {
        on_stop(thread, status);
      } else {
        on_end(thread, status);
      }
    }
    process_.note_ending(trace_.ending);
    return std::move(trace_);
  }

 private:
  void on_end(pid_t thread, int status) {
    inside_.erase(thread);
    if (thread != process_.pid()) return;
    trace_.ending = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    over_ = true;
  }

  void on_stop(pid_t thread, int status) {
    if (!prepared_) {  // at its exec
      prepared_ = true;
      ::ptrace(PTRACE_SETOPTIONS, thread, nullptr,
               PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE);
      go_on(thread, 0);
      return;
    }
    const int signal = WSTOPSIG(status);
    if (signal == (SIGTRAP | 0x80)) {
      on_call(thread);
    } else if (signal == SIGTRAP || (signal == SIGSTOP && known_.insert(thread).second)) {
      go_on(thread, 0);  // a new thread, or the news of one
    } else {
      go_on(thread, signal);
    }
  }

  // At the entry of a call, or at its exit.
  void on_call(pid_t thread) {
    known_.insert(thread);
    if (inside_.erase(thread) > 0) {
      if (thread == spoilt_) give_error(thread);
      go_on(thread, 0);
      return;
    }
    inside_.insert(thread);
    user_regs_struct registers{};
    ::ptrace(PTRACE_GETREGS, thread, nullptr, &registers);
    const long call = static_cast<long>(registers.orig_rax);
    begun_ = begun_ || begins_work(call);
    if (begun_ && counted_calls().contains(call)) {
      trace_.calls.push_back(call);
      if (trace_.calls.size() == interference_.at) interfere(thread, registers);
    }
    go_on(thread, 0);
  }

  void interfere(pid_t thread, user_regs_struct registers) {
    if (!interference_.error) {
      ::kill(process_.pid(), SIGKILL);
      return;
    }
    const std::vector<int>& errors = counted_calls().at(trace_.calls.back());
    if (*interference_.error >= errors.size()) return;
    trace_.error = errors[*interference_.error];
    registers.orig_rax = static_cast<unsigned long long>(-1);  // no call at all
    ::ptrace(PTRACE_SETREGS, thread, nullptr, &registers);
    spoilt_ = thread;
  }

  void give_error(pid_t thread) {
    spoilt_ = -1;
    user_regs_struct registers{};
    ::ptrace(PTRACE_GETREGS, thread, nullptr, &registers);
    registers.rax = static_cast<unsigned long long>(-trace_.error);
    ::ptrace(PTRACE_SETREGS, thread, nullptr, &registers);
  }

  static void go_on(pid_t thread, int signal) { ::ptrace(PTRACE_SYSCALL, thread, nullptr, signal); }

  JoustProcess& process_;
  Interference interference_;
  CallTrace trace_;
  std::set<pid_t> known_;   // threads that have been seen
  std::set<pid_t> inside_;  // threads in a call
  pid_t spoilt_ = -1;
  bool prepared_ = false;
  bool begun_ = false;
  bool over_ = false;
};

// Interrupts waitpid() when the time is up.
class Alarm {
 public:
  explicit Alarm(std::chrono::nanoseconds limit) {
    struct sigaction action {};
    action.sa_handler = [](int) {};  // without SA_RESTART
    ::sigaction(SIGALRM, &action, &before_);
    set(std::chrono::ceil<std::chrono::seconds>(limit).count());
  }
  ~Alarm() {
    set(0);
    ::sigaction(SIGALRM, &before_, nullptr);
  }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

 private:
  static void set(std::int64_t seconds) {
    const itimerval time{{1, 0}, {seconds, 0}};
    const itimerval never{};
    ::setitimer(ITIMER_REAL, seconds == 0 ? &never : &time, nullptr);
  }
  struct sigaction before_ {};
};

}  // namespace

CallTrace trace_calls(JoustProcess& process, const Interference& interference,
                      std::chrono::nanoseconds limit) {
  const Alarm alarm(patience(limit));
  return Tracer(process, interference).run();
}

}  // namespace joust::test
