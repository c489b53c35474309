#include "worker/worlds/command/placeholders.hpp"

#include <fmt/format.h>

#include "worker/worlds/command/messages.hpp"

namespace joust::worlds::command {
namespace {

const std::string& value_of(std::string_view name, bool ends, const Placeholders& values) {
  const auto value = ends ? values.find(name) : values.end();
  if (value != values.end()) return value->second;
  std::vector<std::string_view> known;
  known.reserve(values.size());
  for (const auto& entry : values) known.emplace_back(entry.first);
  throw SetupError(
      fmt::format("there is no placeholder ${{{}}}; there are ${{{}}}; write $${{ for a plain ${{",
                  name, fmt::join(known, "}, ${")));
}

}  // namespace

Placeholders placeholders_of(const WorldSetup& setup, const WorldTask& task,
                             AttemptNumber attempt) {
  Placeholders values = {{"task", std::to_string(task.index)},
                         {"attempt", std::to_string(attempt)},
                         {"seed", std::to_string(portable_seed(task.seed))},
                         {"config_seed", std::to_string(portable_seed(task.config_seed))},
                         {"config", std::to_string(task.config)},
                         {"set", std::to_string(task.set)},
                         {"rotation", std::to_string(task.rotation)},
                         {"run", std::to_string(task.run)}};
  for (std::size_t seat = 0; seat < task.seats.size(); ++seat) {
    const Competitor& competitor = setup.competitors.at(task.seats[seat]);
    values[fmt::format("name{}", seat)] = competitor.name;
    values[fmt::format("type{}", seat)] = competitor.type;
  }
  return values;
}

std::string replace_placeholders(std::string_view text, const Placeholders& values) {
  std::string out;
  for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${")) {
    const bool is_plain = at > 0 && text[at - 1] == '$';
    out.append(text.substr(0, is_plain ? at - 1 : at));
    text.remove_prefix(at + 2);
    if (is_plain) {
      out.append("${");
      continue;
    }
    const std::size_t end = text.find('}');
    out.append(value_of(text.substr(0, end), end != std::string_view::npos, values));
    text.remove_prefix(end + 1);
  }
  return out.append(text);
}

}  // namespace joust::worlds::command
