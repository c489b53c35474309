#include "runner/spec/workers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "common/parse_number.hpp"
#include "runner/machine/processors.hpp"
#include "runner/spec/schema.hpp"

namespace joust::spec {
namespace {

// "auto", or a number from 1 to kMostWorkers; nothing when it is neither.
std::optional<std::uint32_t> parse_count(std::string_view text) {
  if (text == "auto") return std::min(machine::look_at_processors().usable(), kMostWorkers);
  const auto count = parse_number<std::uint32_t>(text);
  if (!count || *count < 1 || *count > kMostWorkers) return std::nullopt;
  return count;
}

// The text that parse_count understands, from "auto" or an integer.
std::string count_text(const Node& node) {
  if (const auto* number = std::get_if<std::int64_t>(&node.value)) return std::to_string(*number);
  const auto* text = std::get_if<std::string>(&node.value);
  return text != nullptr && *text == "auto" ? "auto" : "";
}

}  // namespace

WorkerSettings load_workers(const Section& section,
                            const std::optional<std::string>& override_count, InputFiles& files) {
  WorkerSettings settings;
  settings.resolved = section.read_all(worker_keys(), files, {"count"});

  const Entry* entry = section.find("count");
  std::string text = entry == nullptr ? "auto" : count_text(entry->value);
  std::optional<std::uint32_t> count = parse_count(text);
  if (!count && entry != nullptr) {
    section.fail_value(*entry, fmt::format("\"auto\" or an integer from 1 to {}", kMostWorkers));
  }
  std::string note =
      fmt::format("1 to {}, or \"auto\": one per processor that may be used", kMostWorkers);
  if (override_count) {
    text = *override_count;
    count = parse_count(text);
    note = "from --workers";
  }
  if (!count) {
    throw SpecError(fmt::format("--workers must be \"auto\" or a number from 1 to {}; it is '{}'",
                                kMostWorkers, text));
  }
  settings.count = *count;
  settings.ramp = machine::look_at_processors().usable();
  settings.resolved.keys.insert(settings.resolved.keys.begin(),
                                {"workers.count", text == "auto" ? "\"auto\"" : text,
                                 entry == nullptr && !override_count, false, note});
  if (!std::has_single_bit(
          static_cast<std::uint64_t>(settings.resolved.values.get<std::int64_t>("ring_size")))) {
    section.fail_value(*section.find("ring_size"), "a power of two, such as \"1MiB\"");
  }
  return settings;
}

}  // namespace joust::spec
