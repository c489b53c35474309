#include "common/ending_signals.hpp"

#include <array>

namespace joust {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

}  // namespace

sigset_t ending_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : kSignals) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) ::sigaddset(&set, signal);
  }
  return set;
}

bool ending_signal_is_pending() {
  const sigset_t set = ending_signals();
  sigset_t pending;
  ::sigpending(&pending);
  for (const int signal : kSignals) {
    if (::sigismember(&set, signal) == 1 && ::sigismember(&pending, signal) == 1) return true;
  }
  return false;
}

EndingSignalsBlocked::EndingSignalsBlocked() {
  const sigset_t set = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, &before_);
}

EndingSignalsBlocked::~EndingSignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace joust
