/* The interface between joust and a plugin: a shared library that is a world. Plain C, and all that
 * either side knows of the other; a plugin is linked to no library of joust's. In C++,
 * joust/world.hpp is more comfortable.
 *
 * A plugin exports one function, joust_plugin_entry(), which returns what the plugin declares and
 * its three functions: create, play, destroy. joust-plugin-worker loads the library, creates one
 * world and plays with it one task after another. To check a spec, it does the first two of these
 * in a process of its own, so that whatever goes wrong there is told with the place in the spec.
 *
 * Rules for everything below:
 *  - No exception may leave a function of the plugin, and none leaves a function of joust.
 *  - joust calls all functions of a plugin from one thread. Those of struct joust_host may be
 *    called from that thread only, while the call that got the struct lasts.
 *  - Whoever made a piece of memory frees it. What a function is given is valid until it returns,
 *    where nothing else is said, and is only read.
 *  - A world is a function of its setup and its task: everything random comes from the seeds.
 *  - Texts are UTF-8. Where a size stands beside a pointer, no NUL ends the text. */
#ifndef JOUST_PLUGIN_H
#define JOUST_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* NOLINTBEGIN(readability-identifier-naming): names of C, which has no namespaces */

/* The version of this interface. joust loads plugins that were built for exactly this one. Within a
 * version, fields are only added at the end of structs that begin with their size, and leaving out
 * what is new changes nothing. */
#define JOUST_PLUGIN_ABI 1u

/* What the one exported function needs to be exported, however the library is built. */
#if defined(__GNUC__)
#define JOUST_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define JOUST_PLUGIN_EXPORT
#endif

/* The kinds of parameters, with the fields of struct joust_value that hold one, and how a spec says
 * it. */
enum joust_kind {
  JOUST_BOOLEAN = 0,       /* integer: 0 or 1              true */
  JOUST_INTEGER = 1,       /* integer                      7 */
  JOUST_REAL = 2,          /* real                         0.25 */
  JOUST_TEXT = 3,          /* text                         "word" */
  JOUST_TEXT_LIST = 4,     /* texts, text_count            ["a", "b"] */
  JOUST_INTEGER_RANGE = 5, /* integer to integer_high      50 or [50, 200] */
  JOUST_REAL_RANGE = 6,    /* real to real_high            0.5 or [0.2, 1.0] */
  JOUST_DURATION = 7,      /* integer: nanoseconds         "250ms" */
  JOUST_SIZE = 8,          /* integer: bytes               "2MiB" */
  JOUST_FILE = 9           /* text: the file's content     a path, relative to the spec */
};

struct joust_text {
  const char* data; /* may be null where size is 0; may hold NULs where it is a file's content */
  size_t size;      /* bytes */
};

/* One value. Which fields hold it depends on its kind; the others are 0. */
struct joust_value {
  uint32_t kind; /* enum joust_kind */
  uint32_t reserved;
  int64_t integer;
  int64_t integer_high;
  double real;
  double real_high;
  struct joust_text text;
  const struct joust_text* texts;
  size_t text_count;
};

/* ---- What a plugin declares. All of it stays valid as long as the library is loaded. */

struct joust_parameter {
  const char* name;                 /* of A-Z a-z 0-9 _ -, unique in its list */
  const char* unit;                 /* for people: "rounds"; null: none */
  const char* summary;              /* one line, for people; null: none */
  struct joust_value default_value; /* its kind is the parameter's; a file's is the empty text */
  /* The allowed interval, both ends included, of numbers, of both ends of ranges, of durations (ns)
   * and of sizes (bytes). Both 0: any. -INFINITY and INFINITY leave an end open. */
  double minimum;
  double maximum;
  const char* const* choices; /* of a text: the allowed values; null: any */
  size_t choice_count;
};

struct joust_competitor_type {
  const char* name;    /* what [[competitor]] type = "..." says; unique */
  const char* summary; /* one line, for people; null: none */
  const struct joust_parameter* parameters;
  size_t parameter_count;
};

/* ---- What a plugin is given. */

struct joust_named_value {
  struct joust_text name;
  struct joust_value value;
};

struct joust_competitor {
  struct joust_text name; /* unique in the tournament */
  struct joust_text type; /* one of the declared ones */
  /* every one that its type declares, in the order of their names */
  const struct joust_named_value* parameters;
  size_t parameter_count;
};

/* What all worlds of a tournament share. Valid until destroy() has returned. */
struct joust_setup {
  uint32_t struct_size;                       /* bytes, of this struct in the joust that calls */
  uint32_t seats;                             /* competitors per world */
  const struct joust_named_value* parameters; /* every declared one, in the order of their names */
  size_t parameter_count;
  const struct joust_competitor* competitors;
  size_t competitor_count;
  /* The threads that a world may keep busy while others are played beside it: its share of the
   * processors, at least 1. Results must not depend on it. Where struct_size ends before: 1. */
  uint32_t threads;
  uint32_t reserved;
};

/* One world to be played. Valid until play() returns. */
struct joust_task {
  uint32_t struct_size;  /* bytes, of this struct in the joust that calls */
  uint32_t config;       /* the configuration, from 0 */
  uint64_t index;        /* the world's number in the tournament, from 0 */
  uint64_t seed;         /* of this world: differs between any two */
  uint64_t config_seed;  /* of its configuration: the same for all worlds of it */
  uint64_t set;          /* which set of competitors plays, from 0 */
  uint32_t rotation;     /* how the set is seated, from 0 */
  uint32_t run;          /* which repetition, from 0 */
  const uint32_t* seats; /* for each seat the index of its competitor in joust_setup.competitors */
  size_t seat_count;
};

/* Functions of joust for the plugin; each takes the struct itself as its first argument. In
 * create(), only `log`, `resource` and `fail` have an effect. */
struct joust_host {
  uint32_t struct_size; /* bytes, of this struct in the joust that calls */
  uint32_t reserved;

  /* Step `step` of `of` is reached; what they count is yours. The first call in a world arms its
   * stall timeout: from then on, a world that reports nothing for that long is judged to be stuck.
   * Costs a few nanoseconds. */
  void (*progress)(const struct joust_host* host, uint64_t step, uint64_t of);

  /* Not 0: the run is being stopped, and the world may give up early by fail(). It need not ask. */
  int (*stop_requested)(const struct joust_host* host);

  /* 1 for the first try at this task. A result must not depend on it. */
  uint32_t (*attempt)(const struct joust_host* host);

  /* A line (without its end) for the attempt's log, which is kept if the attempt fails. What is
   * written to standard output and error goes there, too. */
  void (*log)(const struct joust_host* host, const char* text, size_t size);

  /* The [[resource]] of that name as memory, mapped when it is first asked for: read-only, and
   * valid until destroy() has returned. Returns 1; or 0 after a fail() with the reason, when there
   * is none of that name or it cannot be read. */
  int (*resource)(const struct joust_host* host, const char* name, size_t name_size,
                  const void** data, size_t* size);

  /* The score of a seat; each seat must get one, once. NaN says that there is none; it must not be
   * infinite. `agent`: what tables call the agent in that seat, at most 255 bytes; null:
   * "NAME@SEAT". */
  void (*score)(const struct joust_host* host, uint32_t seat, double score, const char* agent,
                size_t agent_size);

  /* What was counted of a seat, or of the whole world; names of at most 255 bytes, each given once
   * for a seat (at most 1000 of them) or for the world (at most 65535). */
  void (*seat_counter)(const struct joust_host* host, uint32_t seat, const char* name,
                       size_t name_size, double value);
  void (*counter)(const struct joust_host* host, const char* name, size_t name_size, double value);

  /* Anything more that shall be kept with the result. A second call replaces the first. */
  void (*payload)(const struct joust_host* host, const void* data, size_t size);

  /* In play(): this attempt has failed, whatever else was or will be said; return soon after.
   * `seat`: the seat whose competitor is to blame (its code failed, or it broke the rules in a way
   * that ends the world), or JOUST_NO_SEAT. In create(): the setup cannot be played. 4096 bytes of
   * the text are kept. Only the first call counts. */
  void (*fail)(const struct joust_host* host, const char* text, size_t size, uint32_t seat);

  void* data; /* joust's own */
};

#define JOUST_NO_SEAT UINT32_MAX

/* ---- The plugin. */

struct joust_plugin {
  uint32_t abi_version; /* JOUST_PLUGIN_ABI; always the first four bytes, in every version */
  uint32_t struct_size; /* sizeof(struct joust_plugin) */
  const char* trouble;  /* why the plugin cannot be used at all; null: it can */
  const char* name;     /* of the world: 1 to 64 of A-Z a-z 0-9 . _ - */
  const char* summary;  /* one line, for people; null: none */
  /* competitors per world: 1 <= min_seats <= default_seats <= max_seats <= 65535 */
  uint32_t min_seats;
  uint32_t max_seats;
  uint32_t default_seats;
  uint32_t reserved;
  const struct joust_parameter* parameters;
  size_t parameter_count;
  const struct joust_competitor_type* competitor_types; /* at least one */
  size_t competitor_type_count;

  /* Makes a world, which plays all tasks that follow. Also called just to check a spec. What takes
   * long or starts processes belongs to the first play(). The world is the plugin's: any pointer
   * but null. Null: it cannot be made, for the reason given to fail(). */
  void* (*create)(const struct joust_setup* setup, const struct joust_host* host);

  /* Plays one task to its end, and tells the result through `host`. */
  void (*play)(void* world, const struct joust_task* task, const struct joust_host* host);

  /* Frees the world. Not called for one that crashed, nor when a worker is killed. */
  void (*destroy)(void* world);
};

/* What a plugin exports: always the same pointer, to static memory. */
JOUST_PLUGIN_EXPORT const struct joust_plugin* joust_plugin_entry(void);

/* NOLINTEND(readability-identifier-naming) */

#ifdef __cplusplus
}
#endif

#endif
