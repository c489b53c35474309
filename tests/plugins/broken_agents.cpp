// A library of agents that misbehaves before it plays: JOUST_TEST_DEED says how, or has it be a
// good one.

#include <joust/agents.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

namespace {

bool is_asked_to(std::string_view deed) {
  const char* asked = std::getenv("JOUST_TEST_DEED");
  return asked != nullptr && asked == deed;
}

void* create(const joust_agent_setting*, const joust_agent_host* host) {
  static int agent = 0;
  if (is_asked_to("exit when made")) ::_exit(5);
  while (is_asked_to("hang when made")) ::pause();
  if (is_asked_to("refuse")) host->fail(host, "it is closed today", 18);
  return is_asked_to("null when made") || is_asked_to("refuse") ? nullptr : &agent;
}
void destroy(void*) {}
void act(void*, const joust_desk*, const joust_request*) {}

std::array<joust_parameter, 1> parameters() {
  joust_parameter level{};
  level.name = "level";
  level.default_value.kind = JOUST_INTEGER;
  level.default_value.integer = is_asked_to("bad default") ? 12 : 5;
  level.minimum = 1;
  level.maximum = 10;
  return {level};
}

joust_agent_type type(const char* name) {
  static const auto declared = parameters();
  joust_agent_type it{};
  it.name = name;
  it.parameters = declared.data();
  it.parameter_count = declared.size();
  it.create = create;
  it.destroy = destroy;
  it.act = is_asked_to("no act") ? nullptr : act;
  return it;
}

joust_agents library() {
  static const std::array<joust_agent_type, 2> types = {
      type(is_asked_to("bad name") ? "a b" : "One"), type(is_asked_to("twice") ? "One" : "Two")};
  joust_agents it{};
  it.abi_version = is_asked_to("other version") ? 7 : JOUST_AGENTS_ABI;
  it.struct_size = is_asked_to("short") ? 16 : sizeof(joust_agents);
  it.trouble = is_asked_to("trouble") ? "no licence" : nullptr;
  it.types = types.data();
  it.type_count = is_asked_to("no types") ? 0 : types.size();
  it.type_size = is_asked_to("short types") ? 8 : sizeof(joust_agent_type);
  return it;
}

}  // namespace

extern "C" JOUST_PLUGIN_EXPORT const joust_agents* joust_agents_entry() {
  static const joust_agents it = library();
  return is_asked_to("null") ? nullptr : &it;
}
