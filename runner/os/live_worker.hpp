#pragma once
// Everything the supervisor holds of one worker process; destroyed with it.

#include <memory>
#include <optional>
#include <string>

#include "runner/os/channel_host.hpp"
#include "runner/os/descriptor_watch.hpp"
#include "runner/os/output_capture.hpp"
#include "runner/os/worker_process.hpp"

namespace joust::os {

struct LiveWorker {
  LiveWorker(core::WorkerId worker_id, ChannelHost host, ChildProcess process, std::size_t kept)
      : id(worker_id), channel(std::move(host)), child(std::move(process)), output(kept) {}

  core::WorkerId id;
  ChannelHost channel;
  ChildProcess child;
  OutputCapture output;
  std::size_t in_hand = 0;    // tasks given and not answered
  bool ready = false;         // it said so
  bool gone = false;          // its sentinel is readable
  bool output_waits = false;  // there may be something in its pipe
  std::string stack;          // file with its stacks, in attempts/, not yet in a record
  bool broken = false;        // its memory made no sense: nothing more is read from it
  // declared last: they must be destroyed before the descriptors they watch
  std::optional<DescriptorWatch> bell_watch;
  std::optional<DescriptorWatch> sentinel_watch;
  std::optional<DescriptorWatch> output_watch;
};

}  // namespace joust::os
