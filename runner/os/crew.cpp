#include "runner/os/crew.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/bell.hpp"
#include "common/run_marker.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/process_state.hpp"

namespace joust::os {
namespace {

constexpr int kMostGuardsLost = 10;

// The limit is of what is really taken, and looked at now and then; this one is the kernel's, of
// what is mapped, of which programs often use a part only. It holds back what grows between looks.
std::uint64_t data_limit(std::uint64_t memory_limit) {
#ifdef __SANITIZE_ADDRESS__
  static_cast<void>(memory_limit);
  return 0;  // it maps terabytes for its own use
#else
  constexpr std::uint64_t kSlack = 256ULL << 20;
  return memory_limit == 0 ? 0 : 2 * memory_limit + kSlack;
#endif
}

const char* state_name(const core::SlotState& state) {
  constexpr std::array<const char*, 8> kNames = {"vacant",   "starting", "idle",         "busy",
                                                 "draining", "dying",    "cooling down", "retired"};
  static_assert(kNames.size() == std::variant_size_v<core::SlotState>);
  return kNames[state.index()];
}

}  // namespace

Crew::Crew(boost::asio::io_context& io, const SupervisorSetup& setup, std::string run_id)
    : io_(io),
      setup_(setup),
      not_ours_(descendants(::getpid())),
      spawner_(setup.worker_binary, std::move(run_id), setup.pool.env_allow),
      placement_(setup.pool),
      examiner_(io, spawner_, setup.stacks_program),
      slots_(setup.pool.workers) {}

Crew::~Crew() { disband(); }

void Crew::tidy_up() {
  buried_.clear();
  if (spare_memory_) return;
  try {
    spare_memory_ = ChannelMemory::reserve(setup_.pool.ring_capacity);
  } catch (const std::system_error&) {  // whoever needs it will say so
  }
}

ChannelMemory Crew::take_memory() {
  if (!spare_memory_) return ChannelMemory::reserve(setup_.pool.ring_capacity);
  ChannelMemory memory = std::move(*spare_memory_);
  spare_memory_.reset();
  return memory;
}

LiveWorker& Crew::start_worker(core::WorkerId id, bool solo) {
  ChannelHost channel = ChannelHost::create(
      {id.epoch, setup_.pool.ring_capacity, setup_.pool.max_result}, take_memory());
  channel.send_brief(setup_.brief);
  const std::uint64_t limit = solo || !setup_.limits_data ? 0 : setup_.pool.memory_limit;
  ChildProcess child =
      spawner_.start_worker(id, channel.fds(), placement_.of(id.slot), data_limit(limit));
  channel.close_memory_fds();
  auto& place = slots_[id.slot];
  place = std::make_unique<LiveWorker>(id, std::move(channel), std::move(child),
                                       setup_.pool.output_kept);
  list_live();
  LiveWorker* worker = place.get();
  using Next = DescriptorWatch::Next;
  worker->bell_watch.emplace(io_, worker->channel.result_bell(), [worker] {
    wait_for_bell(worker->channel.result_bell());
    return Next::go_on;
  });
  worker->sentinel_watch.emplace(io_, worker->child.pidfd.get(), [worker] {
    worker->gone = true;
    return Next::pause;
  });
  worker->output_watch.emplace(io_, worker->child.pipe.get(), [worker] {
    worker->output_waits = true;
    return Next::pause;
  });
  return *worker;
}

void Crew::start_guard() {
  guard_ = spawner_.start_guard(setup_.cgroup);
  guard_watch_.emplace(io_, guard_->pidfd.get(), [this] {
    guard_lost_ = true;
    return DescriptorWatch::Next::pause;
  });
}

void Crew::replace_lost_guard() {
  if (!guard_lost_) return;
  guard_lost_ = false;
  guard_watch_.reset();
  reap(*guard_);
  guard_.reset();
  if (++guards_lost_ <= kMostGuardsLost) start_guard();
}

LiveWorker* Crew::find(core::WorkerId id) {
  LiveWorker* worker = slots_[id.slot].get();
  return worker != nullptr && worker->id == id ? worker : nullptr;
}

void Crew::list_live() {
  live_.clear();
  for (const auto& worker : slots_) {
    if (worker) live_.push_back(worker.get());
  }
}

void Crew::kill(LiveWorker& worker) {
  examiner_.let_go(worker.child.pid);
  kill_tree(worker.child);
}

std::optional<core::ProcessEnd> Crew::reap_worker(LiveWorker& worker) {
  signal_group(worker.child, SIGKILL);
  return reap(worker.child);
}

void Crew::remove(core::WorkerId id) {
  LiveWorker* worker = find(id);
  if (worker == nullptr) return;
  worker->bell_watch.reset();
  worker->sentinel_watch.reset();
  worker->output_watch.reset();
  // of a world that was done after all
  if (!worker->stack.empty()) ::unlink((setup_.attempts_dir / worker->stack).c_str());
  if (buried_.size() >= slots_.size()) buried_.clear();  // no quiet moment for a while
  buried_.push_back(std::move(slots_[id.slot]));
  list_live();
  worker_has_ended_ = true;
  clear_strays();
}

void Crew::abandon(core::WorkerId id) {
  if (LiveWorker* worker = find(id)) {
    worker->sentinel_watch.reset();
    abandoned_.push_back(std::move(worker->child));
    if (!worker->stack.empty()) ::unlink((setup_.attempts_dir / worker->stack).c_str());
    worker->output_watch.reset();
    slots_[id.slot].reset();
    list_live();
  }
}

void Crew::forget_abandoned() {
  std::erase_if(abandoned_, [](const ChildProcess& child) { return reap(child).has_value(); });
}

std::vector<int> Crew::own_processes() const {
  std::vector<int> own = not_ours_;
  for (const auto& worker : slots_) {
    if (worker) own.push_back(worker->child.pid);
  }
  for (const ChildProcess& child : abandoned_) own.push_back(child.pid);
  if (guard_) own.push_back(guard_->pid);
  const std::vector<int> helpers = examiner_.processes();
  own.insert(own.end(), helpers.begin(), helpers.end());
  return own;
}

void Crew::clear_strays() {
  std::vector<std::string> live;
  for (const auto& worker : slots_) {
    if (worker) live.push_back(fmt::format("{}.{}", worker->id.slot, worker->id.epoch));
  }
  const int cleared =
      clear_orphans({own_processes(), spawner_.run_id(), live, worker_has_ended_, setup_.cgroup});
  if (cleared == 0) worker_has_ended_ = false;
}

void Crew::pause() {
  for (const auto& worker : slots_) {
    if (worker && !worker->gone) signal_group(worker->child, SIGSTOP);
  }
}

void Crew::go_on() {
  for (const auto& worker : slots_) {
    if (worker && !worker->gone) signal_group(worker->child, SIGCONT);
  }
}

void Crew::disband() {
  guard_watch_.reset();
  for (auto& worker : slots_) {
    if (!worker) continue;
    kill(*worker);
    ::waitpid(worker->child.pid, nullptr, 0);
    worker.reset();
  }
  list_live();
  examiner_.disband();
  if (guard_) {
    signal_process(*guard_, SIGKILL);
    ::waitpid(guard_->pid, nullptr, 0);
    guard_.reset();
  }
  forget_abandoned();
  kill_processes_of_run(spawner_.run_id());
  constexpr int kMostRounds = 1000;  // a millisecond each; what is not gone then, nothing ends
  for (int round = 0; round < kMostRounds; ++round) {
    if (clear_orphans({own_processes(), spawner_.run_id(), {}, true, setup_.cgroup}) == 0) break;
    ::usleep(1000);
  }
}

SlotPicture Crew::picture_of(SlotIndex index, const core::Slot& slot, TimePoint now) const {
  SlotPicture picture;
  picture.slot = index;
  picture.epoch = slot.last_epoch;
  picture.state = state_name(slot.state);
  if (const core::Worker* worker = core::live_worker(slot)) {
    picture.since = now - worker->watch.since;
    if (!worker->leases.empty()) picture.task = worker->leases.front().pick.task;
    if (worker->watch.beats > 0) picture.beat_age = now - worker->watch.beat_at;
  }
  if (const LiveWorker* worker = slots_[index].get()) {
    const std::uint64_t step = worker->channel.step();
    picture.step = step >> 32;
    picture.of = step & 0xFFFFFFFFU;
    const ProcessLook look = look_at_family(worker->child.pid);
    picture.rss = look.rss;
    picture.cpu = look.cpu;
    if (look.state == core::ProcessState::stopped) picture.state += ", stopped";
  }
  return picture;
}

}  // namespace joust::os
