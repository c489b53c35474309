#include "runner/spec/agents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "common/text.hpp"
#include "runner/spec/names.hpp"
#include "runner/spec/program.hpp"

namespace joust::spec {
namespace {

constexpr const char* kIsolated = "isolation = \"process\"";

KeyInfo text_key(std::string name, std::string default_value, std::string summary) {
  KeyInfo key;
  key.value.name = std::move(name);
  key.value.kind = ParameterKind::text;
  key.value.default_value = std::move(default_value);
  key.value.summary = std::move(summary);
  key.decides_results = true;
  return key;
}

KeyInfo isolation_key() {
  KeyInfo key = text_key("isolation", "none", "\"process\": plays in a process of its own");
  key.value.choices = {"none", "process"};
  return key;
}

KeyInfo command_key() {
  KeyInfo key = text_key("command", "", "the program that plays, and its arguments");
  key.value.kind = ParameterKind::text_list;
  key.value.default_value = std::vector<std::string>();
  return key;
}

KeyInfo folder_key() {
  return text_key("cwd", ".", "where it is started, relative to the spec's folder");
}

KeyInfo move_deadline_key() {
  KeyInfo key = text_key("move_deadline", "", "of each of its answers");
  key.value.kind = ParameterKind::duration;
  key.value.default_value = std::int64_t{AgentSetup{}.move_deadline.count()};
  key.value.minimum = static_cast<double>(Duration(std::chrono::milliseconds(1)).count());
  key.value.maximum = static_cast<double>(Duration(std::chrono::hours(1)).count());
  return key;
}

KeyInfo time_budget_key() {
  KeyInfo key = move_deadline_key();
  key.value.name = "time_budget";
  key.value.summary = "of all of them in a world; none: deadline / (seats + 1)";
  key.value.default_value = std::int64_t{Duration::max().count()};
  key.value.maximum = static_cast<double>(Duration(std::chrono::hours(24 * 30)).count());
  return key;
}

KeyInfo on_failure_key() {
  KeyInfo key = text_key("on_failure", "forfeit", "what a crash, a hang or a bad move costs");
  key.value.choices = {"forfeit", "void"};
  return key;
}

// A key that would have no effect is a mistake.
void reject_idle(const Section& section, std::initializer_list<const char*> keys,
                 const char* goes_with) {
  for (const char* key : keys) {
    const Entry* entry = section.find(key);
    if (entry == nullptr) continue;
    section.fail(entry->at,
                 fmt::format("'{}' in {} goes with {} only", key, section.title(), goes_with));
  }
}

// Whether it plays in a process of its own; a command implies that.
bool read_isolation(const Section& section, InputFiles& files, Resolved& own) {
  section.read(isolation_key(), files, own);
  ResolvedKey& key = own.keys.back();
  const bool is_isolated = own.values.get<std::string>("isolation") == "process";
  if (!is_isolated && has_own_program(section)) {
    if (section.find("isolation") != nullptr) reject_idle(section, {"command"}, kIsolated);
    key.value = "\"process\"";
    key.is_default = false;
  }
  key.decides_results = is_isolated || has_own_program(section);
  return key.decides_results;
}

void read_rules(const Section& section, InputFiles& files, Resolved& own, AgentSetup& agent) {
  section.read(move_deadline_key(), files, own);
  section.read(time_budget_key(), files, own);
  section.read(on_failure_key(), files, own);
  agent.move_deadline = Duration(own.values.get<std::int64_t>("move_deadline"));
  agent.time_budget = Duration(own.values.get<std::int64_t>("time_budget"));
  const bool forfeits = own.values.get<std::string>("on_failure") == "forfeit";
  agent.on_failure = forfeits ? AgentSetup::OnFailure::forfeit : AgentSetup::OnFailure::void_world;
}

void require_host(const Section& section, const WorldType& world) {
  if (world.hosts_agents) return;
  section.fail(
      section.value_at(has_own_program(section) ? "command" : "isolation"),
      fmt::format("the world {} cannot let a competitor play in a process of its own{}", world.name,
                  world.is_open ? ": its program starts what it needs itself"
                                : "; 'joust worlds NAME' says which can"));
}

// Else the world would be judged before its agent is.
void require_shorter(const Section& world, const char* key, Duration limit,
                     const Competitor& competitor, const char* name, Duration value) {
  if (value < limit) return;
  world.fail(world.value_at(key),
             fmt::format("'{}' in {} ({}) must be longer than '{}' of {} ({})", key, world.title(),
                         format_duration(limit), name, competitor.name, format_duration(value)));
}

}  // namespace

std::vector<KeyInfo> agent_keys() {
  return {isolation_key(),     command_key(),     folder_key(),
          move_deadline_key(), time_budget_key(), on_failure_key()};
}

std::vector<std::string> agent_key_names() {
  std::vector<std::string> names = {"env"};
  for (const KeyInfo& key : agent_keys()) names.push_back(key.value.name);
  return names;
}

bool has_own_program(const Section& section) { return section.find("command") != nullptr; }

AgentSetup load_agent(const Section& section, const std::string& prefix, const WorldType& world,
                      InputFiles& files, Resolved& into) {
  AgentSetup agent;
  Resolved own;
  agent.isolated = read_isolation(section, files, own);
  if (!has_own_program(section)) reject_idle(section, {"cwd", "env"}, "a 'command'");
  if (agent.isolated) {
    require_host(section, world);
    if (has_own_program(section)) {
      section.read(command_key(), files, own);
      section.read(folder_key(), files, own);
      agent.program = place_program(section, prefix, files, own);
      record_program(section, prefix, agent.program, files, own);
    }
    read_rules(section, files, own, agent);
  } else {
    reject_idle(section, {"move_deadline", "time_budget", "on_failure"}, kIsolated);
  }
  // where there is no choice there is nothing to show
  if (!world.hosts_agents) return agent;
  std::move(own.keys.begin(), own.keys.end(), std::back_inserter(into.keys));
  return agent;
}

void apply_pool(const Parameters& workers, const Section& world, Tournament& tournament) {
  const PoolOptions& pool = tournament.pool;
  for (Competitor& competitor : tournament.setup.competitors) {
    AgentSetup& agent = competitor.agent;
    if (!agent.isolated) continue;
    agent.program.env_allow = workers.get<std::vector<std::string>>("env_allow");
    agent.program.start_timeout = Duration(workers.get<std::int64_t>("start_timeout"));
    // so that the world itself has as much time, and is never late because of its agents
    if (agent.time_budget == Duration::max()) {
      agent.time_budget = pool.world_deadline / (tournament.shape.per_world + 1);
    }
    require_shorter(world, "stall_timeout", pool.stall_timeout, competitor, "move_deadline",
                    agent.move_deadline);
    require_shorter(world, "deadline", pool.world_deadline, competitor, "time_budget",
                    agent.time_budget);
  }
}

std::vector<std::string> changed_agents(const std::vector<Competitor>& competitors,
                                        const std::filesystem::path& inputs) {
  std::vector<std::string> changed;
  for (const Competitor& competitor : competitors) {
    if (!competitor.agent.is_own_program() && competitor.plugin.empty()) continue;
    const std::string prefix = fmt::format("competitor.{}.", dotted_key_part(competitor.name));
    std::vector<std::string> more = changed_program(competitor.agent.program, prefix, inputs);
    std::move(more.begin(), more.end(), std::back_inserter(changed));
  }
  return changed;
}

}  // namespace joust::spec
