#include "worker/worlds/agents/agent_pool.hpp"

#include <algorithm>
#include <chrono>

#include "worker/worlds/agents/messages.hpp"

namespace joust::worlds::agents {
namespace {

constexpr Duration kGrace = std::chrono::seconds(1);  // from being asked to end to being killed
constexpr std::size_t kMostWaiting = 64;  // each has three descriptors and a process's memory

}  // namespace

AgentPool::AgentPool(const WorldSetup& setup, std::string_view secret)
    : setup_(setup), parameters_(parameters_json(setup.parameters, secret)) {}

AgentPool::~AgentPool() {
  using Clock = std::chrono::steady_clock;
  for (const Waiting& each : waiting_) each.process->ask_to_end();
  const auto until = Clock::now() + kGrace;
  for (const Waiting& each : waiting_) each.process->wait_for_end(until - Clock::now());
}

std::unique_ptr<AgentProcess> AgentPool::take(std::uint32_t competitor) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& each) {
    return each.competitor == competitor;
  });
  if (found == waiting_.end()) return nullptr;
  std::unique_ptr<AgentProcess> process = std::move(found->process);
  waiting_.erase(found);
  return process;
}

std::unique_ptr<AgentProcess> AgentPool::start(std::uint32_t index, Duration left) {
  return std::make_unique<AgentProcess>(setup_, competitor(index), parameters_, left);
}

void AgentPool::keep(std::uint32_t competitor, std::unique_ptr<AgentProcess> process) {
  waiting_.push_back({competitor, std::move(process)});
  if (waiting_.size() <= kMostWaiting) return;
  waiting_.front().process->ask_to_end();
  waiting_.front().process->wait_for_end(kGrace);
  waiting_.erase(waiting_.begin());
}

}  // namespace joust::worlds::agents
