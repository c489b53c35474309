#include "runner/cli/plan_command.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "runner/report/printable.hpp"

namespace joust::cli {
namespace {

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::size_t letters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string padded(std::string text, std::size_t width) {
  text.append(width - std::min(width, letters(text)), ' ');
  return text;
}

void write_counts(const Tournament& tournament, const Plan& plan, std::ostream& out) {
  const PlanShape& shape = plan.shape();
  fmt::print(out, "{}: {} of {}\n\n", tournament.name, counted(plan.worlds(), "world", "worlds"),
             world_title(tournament.setup));
  fmt::print(out, "  C({}, {}) sets x {} x {} x {}\n", shape.competitors, shape.per_world,
             counted(shape.configs, "configuration", "configurations"),
             counted(shape.per_world, "rotation", "rotations"), counted(shape.runs, "run", "runs"));
  fmt::print(out, "  = {} x {} x {} x {} = {}\n", plan.sets(), shape.configs, shape.per_world,
             shape.runs, counted(plan.worlds(), "world", "worlds"));
  fmt::print(out, "  {} per competitor\n",
             counted(plan.worlds_per_competitor(), "world", "worlds"));
  fmt::print(out, "  {} in all, each a row of scores\n\n",
             counted(plan.worlds() * shape.per_world, "seat", "seats"));
}

// Key, value, whether it is the default, and the note. Few values are wider than their column;
// those that are very long are clipped (--json has them whole).
void write_keys(const std::vector<spec::ResolvedKey>& keys, std::ostream& out) {
  constexpr std::size_t kWidestValue = 24;
  constexpr std::size_t kLongestValue = 60;
  constexpr std::string_view kDefaultMark = "(default)";
  std::size_t key_width = 0;
  std::size_t value_width = 0;
  for (const spec::ResolvedKey& key : keys) {
    key_width = std::max(key_width, letters(key.key));
    const std::size_t width = letters(key.value);
    if (width <= kWidestValue) value_width = std::max(value_width, width);
  }
  for (const spec::ResolvedKey& key : keys) {
    std::string line = fmt::format(
        "{}  {}  {}  {}", padded(key.key, key_width),
        padded(report::clip(key.value, kLongestValue), value_width),
        padded(std::string(key.is_default ? kDefaultMark : ""), kDefaultMark.size()), key.note);
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print(out, "{}\n", line);
  }
}

bool is_count_auto(const std::vector<spec::ResolvedKey>& keys) {
  return std::any_of(keys.begin(), keys.end(), [](const spec::ResolvedKey& key) {
    return key.key == "workers.count" && key.value == "\"auto\"";
  });
}

void write_json(const spec::LoadedSpec& loaded, const Plan& plan, const MachineView& machine,
                std::ostream& out) {
  using Json = nlohmann::ordered_json;
  const PlanShape& shape = plan.shape();
  Json keys = Json::array();
  for (const spec::ResolvedKey& key : loaded.keys) {
    keys.push_back({{"key", key.key},
                    {"value", key.value},
                    {"default", key.is_default},
                    {"decides_results", key.decides_results},
                    {"note", key.note}});
  }
  const Json json = {{"name", loaded.tournament.name},
                     {"world", world_title(loaded.tournament.setup)},
                     {"worlds", plan.worlds()},
                     {"worlds_per_competitor", plan.worlds_per_competitor()},
                     {"seats", plan.worlds() * shape.per_world},
                     {"competitors", shape.competitors},
                     {"competitors_per_world", shape.per_world},
                     {"sets", plan.sets()},
                     {"configs", shape.configs},
                     {"rotations", shape.per_world},
                     {"runs", shape.runs},
                     {"machine", Json::parse(machine_json(machine, loaded.tournament.pool))},
                     {"keys", std::move(keys)},
                     {"warnings", loaded.warnings}};
  out << json.dump(2) << '\n';
}

}  // namespace

int plan_command(const spec::LoadedSpec& loaded, const MachineView& machine, bool json,
                 std::ostream& out) {
  const Plan plan(loaded.tournament.shape);
  if (json) {
    write_json(loaded, plan, machine, out);
  } else {
    write_counts(loaded.tournament, plan, out);
    write_keys(loaded.keys, out);
    out << '\n';
    write_machine(machine, loaded.tournament.pool, is_count_auto(loaded.keys), out);
  }
  return 0;
}

}  // namespace joust::cli
