#include "runner/os/placement.hpp"

#include <fmt/format.h>
#include <linux/ioprio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "common/whole_file.hpp"
#include "runner/machine/processors.hpp"

namespace joust::os {
namespace {

constexpr std::size_t kSetBytes = sizeof(ProcessorSet);

// The text of the kernel's list of a core's hardware threads; a processor of which that cannot be
// read (in a sandbox) is taken for a core of its own.
std::string core_of(std::uint32_t processor) {
  return read_whole_file(
             fmt::format("/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list", processor))
      .value_or(fmt::format("{}\n", processor));
}

std::vector<Processor> usable_processors() {
  std::vector<Processor> usable;
  for (const std::uint32_t number : machine::allowed_processors()) {
    usable.push_back({number, core_of(number)});
  }
  return usable;
}

// REQUIRES: a value that a spec may have.
int io_priority_of(const std::string& ionice) {
  if (ionice == "none") return 0;
  if (ionice == "idle") return IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT;
  return (IOPRIO_CLASS_BE << IOPRIO_CLASS_SHIFT) | (ionice.back() - '0');
}

}  // namespace

std::vector<std::uint32_t> spread(const std::vector<Processor>& processors) {
  std::map<std::string, std::size_t> taken;  // of each core
  std::map<std::size_t, std::vector<std::uint32_t>> rounds;
  for (const Processor& each : processors) rounds[taken[each.core]++].push_back(each.number);
  std::vector<std::uint32_t> order;
  for (const auto& [round, numbers] : rounds) {
    order.insert(order.end(), numbers.begin(), numbers.end());
  }
  return order;
}

void WorkerPlace::take() const {
  if (processors) ::sched_setaffinity(0, kSetBytes, processors->data());
  if (nice != 0) (void)!::nice(nice);
  if (io_priority != 0) ::syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, io_priority);
}

Placement::Placement(const PoolOptions& options) {
  if (options.pin) processors_ = spread(usable_processors());
  common_.nice = static_cast<int>(options.nice);
  common_.io_priority = io_priority_of(options.ionice);
}

WorkerPlace Placement::of(SlotIndex slot) const {
  WorkerPlace place = common_;
  if (processors_.empty()) return place;
  place.processors.emplace();
  CPU_SET_S(processors_[slot % processors_.size()], kSetBytes, place.processors->data());
  return place;
}

}  // namespace joust::os
