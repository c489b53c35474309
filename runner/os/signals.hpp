#pragma once
// Signals as events of the main loop, through a signalfd: no handler ever runs.

#include <sys/signalfd.h>

#include <functional>

#include "common/unique_fd.hpp"
#include "runner/os/descriptor_watch.hpp"

namespace joust::os {

class Signals {
 public:
  // REQUIRES: block_supervisor_signals() was called before any thread began.
  Signals(boost::asio::io_context& io, std::function<void(int)> on_signal);

 private:
  void read();
  std::function<void(int)> on_signal_;
  UniqueFd fd_;
  DescriptorWatch watch_;
};

}  // namespace joust::os
