"use client";
import { useEffect, useState } from "react";

/** Follows the server's events, to show that a stream passes. */
export function Ticks() {
  const [tick, setTick] = useState("…");
  useEffect(() => {
    const source = new EventSource("/api/ticks");
    source.onmessage = ({ data }) => setTick(data);
    return () => source.close();
  }, []);
  return <p>Tick {tick}</p>;
}
