// The negotiations of a day, which are most of what a OneShot world computes, allocate nothing.
// This program has an operator new of its own, which counts while it is told to.

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <vector>

#include "common/hash.hpp"
#include "tests/support/process_plugin.hpp"
#include "tests/support/scml_setup.hpp"
#include "worker/worlds/plugin/plugin_agent.hpp"
#include "worker/worlds/scml/agents/agent_types.hpp"
#include "worker/worlds/scml/generation.hpp"

namespace {

bool is_counting = false;
std::size_t allocations = 0;

void* allocate(std::size_t size) noexcept {
  if (is_counting) ++allocations;
  return std::malloc(size);
}

void* allocate_or_throw(std::size_t size) {
  if (void* memory = allocate(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

// All forms but the aligned ones: a sanitizer has its own of whatever is missing here.
void* operator new(std::size_t size) { return allocate_or_throw(size); }
void* operator new[](std::size_t size) { return allocate_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

namespace joust::test {
namespace {

using namespace worlds::scml;

// Plays as another agent does; the last one whose day begins starts the counting.
class Watched : public Agent {
 public:
  Watched(std::unique_ptr<Agent> agent, bool is_last)
      : agent_(std::move(agent)), is_last_(is_last) {}
  bool synchronous() const override { return agent_->synchronous(); }
  void begin_day(const Desk& desk) override {
    agent_->begin_day(desk);
    if (is_last_) is_counting = true;
  }
  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override {
    agent_->act(desk, talks, replies);
  }
  void on_agreement(const Desk& desk, int partner, bool selling, const Offer& offer) override {
    agent_->on_agreement(desk, partner, selling, offer);
  }

 private:
  std::unique_ptr<Agent> agent_;
  bool is_last_;
};

class EndOfDay : public DayObserver {
 public:
  void on_day(int, std::span<const FactoryState>, std::span<const Contract>,
              const std::vector<double>&, const std::vector<double>&) override {
    is_counting = false;
  }
};

// Those of OneShot, and those of a library.
std::vector<AgentType> all_types() {
  std::vector<AgentType> types = agent_types(Game::oneshot);
  for (AgentType& type : worlds::plugin::agent_types_in(library("agents"))) {
    types.push_back(std::move(type));
  }
  return types;
}

std::unique_ptr<Agent> make_agent(const std::string& type, const AgentSetting& setting) {
  static const std::vector<AgentType> types = all_types();
  static std::map<std::string, Parameters> defaults;  // outlive the agents
  for (const AgentType& each : types) {
    if (each.declared.name != type) continue;
    const auto [found, is_new] = defaults.try_emplace(type);
    if (is_new) found->second = default_parameters(each.declared.parameters);
    return each.make(found->second, setting);
  }
  return nullptr;
}

// Allocations in the negotiations of all days of a game whose factories are played in turn by
// `types`.
std::size_t allocations_in_game(const std::vector<std::string>& types, std::uint64_t seed,
                                std::uint64_t& agreed) {
  const Rules rules = default_rules();
  const Economy economy = economy_played_by(types, 50, seed);
  const std::size_t factories = economy.factories.size();
  std::vector<std::unique_ptr<Agent>> agents;
  for (std::size_t i = 0; i < factories; ++i) {
    AgentSetting setting;
    setting.seed = hash_numbers({seed, i});
    setting.factories = static_cast<int>(factories);
    setting.lines = economy.factories[i].lines;
    setting.rounds = rules.rounds;
    setting.days = economy.days;
    agents.push_back(std::make_unique<Watched>(make_agent(economy.factories[i].type, setting),
                                               i + 1 == factories));
  }
  Simulation game(rules, economy, std::move(agents), seed);
  EndOfDay end_of_day;
  allocations = 0;
  while (game.day() < economy.days) game.play_day(&end_of_day);
  agreed = game.counts().agreed;
  return allocations;
}

TEST_CASE("no negotiation allocates, whoever plays, from the first day on") {
  std::vector<std::vector<std::string>> casts = {types_of(Game::oneshot)};
  for (const std::string& type : types_of(Game::oneshot)) casts.push_back({type, "NiceAgent"});
  casts.push_back({"Friendly", "Checker"});
  std::uint64_t agreed_in_all = 0;
  for (const auto& types : casts) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      CAPTURE(types.front());
      CAPTURE(seed);
      std::uint64_t agreed = 0;
      CHECK(allocations_in_game(types, seed, agreed) == 0);
      agreed_in_all += agreed;
    }
  }
  CHECK(agreed_in_all > 1000);  // something was negotiated
}

TEST_CASE("an allocation would be counted") {
  is_counting = true;
  allocations = 0;
  std::vector<int> numbers;
  numbers.reserve(10);
  is_counting = false;
  CHECK(allocations == 1);
  CHECK(numbers.empty());
}

}  // namespace
}  // namespace joust::test
