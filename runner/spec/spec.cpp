#include "runner/spec/spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "common/parse_number.hpp"
#include "common/text.hpp"
#include "runner/spec/agents.hpp"
#include "runner/spec/command_world.hpp"
#include "runner/spec/competitors.hpp"
#include "runner/spec/file_record.hpp"
#include "runner/spec/names.hpp"
#include "runner/spec/program.hpp"
#include "runner/spec/resources.hpp"
#include "runner/spec/schema.hpp"
#include "runner/spec/values.hpp"
#include "runner/spec/workers.hpp"
#include "runner/spec/world_section.hpp"

namespace joust::spec {
namespace {

void append(std::vector<ResolvedKey>& keys, std::vector<ResolvedKey> more) {
  std::move(more.begin(), more.end(), std::back_inserter(keys));
}

std::string read_spec(const std::filesystem::path& file) {
  try {
    return read_file(file);
  } catch (const std::runtime_error& error) {
    throw SpecError(fmt::format("cannot read the spec {}: {}", file.string(), error.what()));
  }
}

void reject_unknown_sections(const Document& document) {
  const std::vector<std::string> known = {"tournament", "competitor", "world", "workers",
                                          "resource"};
  for (const Entry& entry : document.root()) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    const bool is_section = std::holds_alternative<Table>(entry.value.value);
    document.fail(entry.at, fmt::format("unknown {} '{}'{}", is_section ? "section" : "key",
                                        entry.key, suggestion(entry.key, known)));
  }
}

std::uint64_t parse_seed(const std::string& text) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto seed = parse_number<std::int64_t>(text);
  if (!seed || *seed < 0) {
    throw SpecError(fmt::format("--seed must be a number from 0 to {}; it is '{}'", kMost, text));
  }
  return static_cast<std::uint64_t>(*seed);
}

// What the command line says about [tournament] goes over what the file says.
void apply_overrides(const Overrides& overrides, Tournament& tournament,
                     std::vector<ResolvedKey>& keys) {
  if (overrides.name) {
    const std::string fault = tournament_name_fault(*overrides.name);
    if (!fault.empty()) {
      throw SpecError(
          fmt::format("--name: '{}' cannot name a tournament: {}", *overrides.name, fault));
    }
    tournament.name = *overrides.name;
    override_key(keys, "tournament.name", fmt::format("\"{}\"", tournament.name), "from --name");
  }
  if (overrides.seed) {
    tournament.shape.seed = parse_seed(*overrides.seed);
    override_key(keys, "tournament.seed", std::to_string(tournament.shape.seed), "from --seed");
  }
}

Resolved load_tournament(const Section& section, const WorldType& world, InputFiles& files,
                         Tournament& tournament) {
  Resolved resolved = section.read_all(tournament_keys(world), files);
  const Parameters& values = resolved.values;
  tournament.name = values.get<std::string>("name");
  const std::string fault = tournament_name_fault(tournament.name);
  if (!fault.empty()) {
    section.fail(section.value_at("name"),
                 fmt::format("'{}' cannot name a tournament: {}", tournament.name, fault));
  }
  tournament.metric = metric_from_name(values.get<std::string>("metric"));
  const auto count = [&values](std::string_view name) {
    return static_cast<std::uint32_t>(values.get<std::int64_t>(name));
  };
  tournament.shape = {
      .competitors = static_cast<std::uint32_t>(tournament.setup.competitors.size()),
      .per_world = count("competitors_per_world"),
      .configs = count("configs"),
      .runs = count("runs"),
      .seed = static_cast<std::uint64_t>(values.get<std::int64_t>("seed"))};
  tournament.disqualify_after = count("disqualify_after");
  tournament.setup.seats = tournament.shape.per_world;
  return resolved;
}

void reject_too_many_seats(const Section& section, const PlanShape& shape, Position last) {
  if (shape.per_world <= shape.competitors) return;
  const Entry* given = section.find("competitors_per_world");
  const std::string there_are =
      shape.competitors == 1 ? "there is only 1 competitor"
                             : fmt::format("there are only {} competitors", shape.competitors);
  section.fail(given != nullptr ? given->value.at : last,
               fmt::format("'competitors_per_world' is {}{}, but {}", shape.per_world,
                           given != nullptr ? "" : " by default", there_are));
}

std::uint64_t count_worlds(const Section& section, const PlanShape& shape) {
  try {
    return Plan(shape).worlds();
  } catch (const std::invalid_argument& error) {
    section.fail(section.value_at("configs"), error.what());
  }
}

std::vector<std::string> warnings_about(const PoolOptions& pool, bool stall_timeout_is_given,
                                        std::uint64_t worlds) {
  constexpr std::uint64_t kManyWorlds = 1'000'000'000;
  std::vector<std::string> warnings;
  if (worlds > kManyWorlds) {
    warnings.push_back(fmt::format(
        "this tournament has {} worlds; 'joust plan' shows where they come from", worlds));
  }
  if (stall_timeout_is_given && pool.stall_timeout >= pool.world_deadline) {
    warnings.push_back(
        fmt::format("'stall_timeout' ({}) has no effect: the world's 'deadline' ({}) comes first",
                    format_duration(pool.stall_timeout), format_duration(pool.world_deadline)));
  }
  return warnings;
}

// Disqualification looks at all worlds: a shard plays all of its own, and merging leaves the void
// ones out.
void take_shard(const Shard& shard, std::uint64_t worlds, LoadedSpec& spec) {
  if (shard.is_whole()) return;
  Tournament& tournament = spec.tournament;
  if (shard.count > worlds) {
    throw SpecError(
        fmt::format("--shard {}: the tournament has only {} worlds; make at most as many shards",
                    shard_text(shard), worlds));
  }
  if (tournament.disqualify_after > 0) {
    spec.warnings.push_back(
        "'disqualify_after' has no effect on a shard; 'joust merge' disqualifies by all of them");
    tournament.disqualify_after = 0;
  }
  tournament.shape.shard = shard;
}

// Each step needs what the ones before it found.
LoadedSpec resolve(const Document& document, const WorldRegistry& worlds,
                   const Overrides& overrides, InputFiles files) {
  reject_unknown_sections(document);
  const Section tournament_section(document, "[tournament]", "tournament.",
                                   find(document.root(), "tournament"));
  const Section world_section(document, "[world]", "world.", find(document.root(), "world"));
  const Section workers_section(document, "[workers]", "workers.",
                                find(document.root(), "workers"));
  LoadedSpec spec;
  Tournament& tournament = spec.tournament;
  WorldSetup& setup = tournament.setup;

  WorkerSettings workers = load_workers(workers_section, overrides.workers, files);
  WorldPart world = load_world(world_section, workers.resolved.values, worlds, files);
  const WorldType& type = world.type;
  setup.world = type.name;
  setup.plugin = world.plugin;
  setup.parameters = world.parameters.values;

  CompetitorList competitors =
      load_competitors(document, type, workers.resolved.values, worlds, files);
  setup.competitors = std::move(competitors.competitors);

  Resolved numbers = load_tournament(tournament_section, type, files, tournament);
  apply_overrides(overrides, tournament, numbers.keys);
  reject_too_many_seats(tournament_section, tournament.shape, competitors.last);
  const std::uint64_t world_count = count_worlds(tournament_section, tournament.shape);

  apply(numbers.values, world.own.values, workers.resolved.values, tournament.pool);
  tournament.pool.workers = workers.count;
  tournament.pool.ramp = workers.processors;
  setup.threads = threads_of_worker(tournament.pool, workers.processors);
  apply_pool(workers.resolved.values, world_section, tournament);
  if (type.is_open) {
    setup.command = load_command(world_section, workers.resolved.values, files, world.own);
  }
  ResourceList resources = load_resources(document, files);
  setup.resources = std::move(resources.files);
  check_setup(world_section, world, workers.resolved.values, worlds, tournament,
              files.recorded.has_value());
  if (!files.recorded) {
    check_agent_plugins(document, competitors.plugins, workers.resolved.values, worlds, tournament);
  }

  spec.warnings =
      warnings_about(tournament.pool, world_section.find("stall_timeout") != nullptr, world_count);
  if (std::string warning = competitor_names_warning(setup.competitors); !warning.empty()) {
    spec.warnings.push_back(std::move(warning));
  }
  if (std::string warning = placement_warning(tournament.pool); !warning.empty()) {
    spec.warnings.push_back(std::move(warning));
  }
  take_shard(overrides.shard, world_count, spec);
  append(spec.keys, std::move(numbers.keys));
  append(spec.keys, std::move(competitors.keys));
  append(spec.keys, std::move(world.own.keys));
  append(spec.keys, std::move(world.parameters.keys));
  append(spec.keys, std::move(resources.keys));
  append(spec.keys, std::move(workers.resolved.keys));
  spec.inputs = std::move(files.contents);
  return spec;
}

}  // namespace

std::map<std::string, std::string> LoadedSpec::deciding() const {
  std::map<std::string, std::string> values;
  for (const ResolvedKey& key : keys) {
    if (key.decides_results) values.emplace(key.key, key.value);
  }
  return values;
}

std::vector<std::string> changed_files(const LoadedSpec& spec,
                                       const std::filesystem::path& inputs) {
  const WorldSetup& setup = spec.tournament.setup;
  std::vector<std::string> changed = changed_program(setup.command, kWorldPrefix, inputs);
  std::vector<std::string> agents = changed_agents(setup.competitors, inputs);
  std::move(agents.begin(), agents.end(), std::back_inserter(changed));
  std::vector<std::string> resources = changed_resources(inputs);
  std::move(resources.begin(), resources.end(), std::back_inserter(changed));
  // several competitors may name the same file
  std::sort(changed.begin(), changed.end());
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  return changed;
}

LoadedSpec load(const std::filesystem::path& file, const WorldRegistry& worlds,
                const Overrides& overrides, const std::optional<std::filesystem::path>& inputs) {
  return load_text(file, read_spec(file), worlds, overrides, inputs);
}

LoadedSpec load_text(const std::filesystem::path& file, std::string text,
                     const WorldRegistry& worlds, const Overrides& overrides,
                     const std::optional<std::filesystem::path>& inputs) {
  const Document document(file.string(), text);
  LoadedSpec spec = resolve(document, worlds, overrides, {file.parent_path(), inputs, {}});
  spec.text = std::move(text);
  return spec;
}

}  // namespace joust::spec
