#include "runner/os/signals.hpp"

#include <signal.h>

#include "runner/os/supervisor.hpp"

namespace joust::os {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  ::sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

sigset_t supervisor_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGTSTP, SIGCHLD}) ::sigaddset(&set, signal);
  // ignored by nohup: the run shall outlive its terminal (a blocked signal would come all the same)
  if (!is_ignored(SIGHUP)) ::sigaddset(&set, SIGHUP);
  return set;
}

UniqueFd make_signalfd() {
  const sigset_t set = supervisor_signals();
  return UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

}  // namespace

void block_supervisor_signals() {
  const sigset_t set = supervisor_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGCHLD, SIG_DFL);  // whoever started joust may have ignored it: then nobody can wait
}

Signals::Signals(boost::asio::io_context& io, std::function<void(int)> on_signal)
    : on_signal_(std::move(on_signal)), fd_(make_signalfd()), watch_(io, fd_.get(), [this] {
        read();
        return DescriptorWatch::Next::go_on;
      }) {}

void Signals::read() {
  signalfd_siginfo info{};
  while (::read(fd_.get(), &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info))) {
    on_signal_(static_cast<int>(info.ssi_signo));
  }
}

}  // namespace joust::os
