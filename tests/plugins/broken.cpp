// A plugin that misbehaves before it plays: JOUST_TEST_DEED says how, or has it be a good one.

#include <joust/plugin.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace {

bool is_asked_to(std::string_view deed) {
  const char* asked = std::getenv("JOUST_TEST_DEED");
  return asked != nullptr && asked == deed;
}

[[noreturn]] void hang() {
  while (true) ::pause();
}

// Its constructor runs while the library is loaded.
struct Static {
  Static() {
    if (is_asked_to("crash when loaded")) {
      std::puts("the last words of a constructor");
      ::raise(SIGKILL);
    }
    if (is_asked_to("exit when loaded")) ::_exit(3);
    if (is_asked_to("hang when loaded")) hang();
    if (is_asked_to("throw when loaded")) throw std::runtime_error("nobody can catch this");
    if (is_asked_to("leave a child") && ::fork() == 0) {
      ::setsid();
      hang();
    }
  }
} const at_load;

void* create(const joust_setup*, const joust_host* host) {
  static int world = 0;
  if (is_asked_to("crash when made")) ::raise(SIGSEGV);
  if (is_asked_to("hang when made")) hang();
  if (is_asked_to("exit when made")) ::_exit(0);
  if (is_asked_to("throw when made")) throw std::runtime_error("across the border");
  if (is_asked_to("refuse")) host->fail(host, "it is closed today", 18, JOUST_NO_SEAT);
  return is_asked_to("null when made") || is_asked_to("refuse") ? nullptr : &world;
}

void play(void*, const joust_task* task, const joust_host* host) {
  for (std::uint32_t seat = 0; seat < task->seat_count; ++seat) {
    host->score(host, seat, seat, nullptr, 0);
  }
}

void destroy(void*) {
  if (is_asked_to("crash when destroyed")) ::raise(SIGKILL);
}

constexpr joust_competitor_type kTypes[] = {{"Any", nullptr, nullptr, 0}};

joust_plugin plugin() {
  joust_plugin it{};
  it.abi_version = is_asked_to("other version") ? 7 : JOUST_PLUGIN_ABI;
  it.struct_size = is_asked_to("short") ? 16 : sizeof(joust_plugin);
  it.trouble = is_asked_to("trouble") ? "no licence" : nullptr;
  it.name = is_asked_to("bad name") ? "a b" : "broken";
  it.min_seats = it.default_seats = it.max_seats = is_asked_to("bad seats") ? 0 : 2;
  it.competitor_types = kTypes;
  it.competitor_type_count = is_asked_to("no types") ? 0 : 1;
  it.create = is_asked_to("no create") ? nullptr : create;
  it.play = play;
  it.destroy = destroy;
  return it;
}

}  // namespace

extern "C" JOUST_PLUGIN_EXPORT const joust_plugin* joust_plugin_entry() {
  static const joust_plugin it = plugin();
  if (is_asked_to("crash when read")) ::raise(SIGKILL);
  return is_asked_to("null") ? nullptr : &it;
}
